import { randomUUID } from 'node:crypto';
import { ACCOUNT_ID, REGION } from '../account.ts';
import { type QueryForm, type XmlContent, XmlMap } from '../loopback/query-protocol.ts';
import type { PhoneStore, PlatformEndpoint } from './phone-store.ts';
import { invalidParameter, notFound } from './problem.ts';

const applicationArn = new RegExp(
  `^arn:aws:sns:${REGION}:${ACCOUNT_ID}:app/(APNS|APNS_SANDBOX|GCM)/[A-Za-z0-9_.-]{1,256}$`,
);
const TOKEN_LENGTH_MAX = 4096;
const appleToken = /^[0-9a-f]{1,400}$/i;

type Answer = { readonly [name: string]: XmlContent };

/**
 * A device's endpoint; the same one for the same token, as long as the caller wants nothing else of it (API reference,
 * CreatePlatformEndpoint). Every application that a template can name exists here: CloudFormation makes none.
 */
export function createPlatformEndpoint(form: QueryForm, phones: PhoneStore): Answer {
  const application = form.optional('PlatformApplicationArn') ?? '';
  const platform = applicationArn.exec(application)?.[1];
  if (platform === undefined) throw notFound('PlatformApplication does not exist');
  const token = tokenFor(platform, form.optional('Token') ?? '');
  const wanted = changesIn(form, form.optional('CustomUserData'));
  const found = phones.findByToken(application, token);
  if (found) {
    const differs = Object.entries(wanted).some(([name, value]) => found[name as keyof typeof wanted] !== value);
    if (!differs) return { EndpointArn: found.arn };
    throw invalidParameter(
      `Token Reason: Endpoint ${found.arn} already exists with the same Token, but different attributes.`,
    );
  }
  const arn = `${application.replace(':app/', ':endpoint/')}/${randomUUID()}`;
  phones.put({ arn, applicationArn: application, isEnabled: true, userData: '', ...wanted, token });
  return { EndpointArn: arn };
}

export function setEndpointAttributes(form: QueryForm, phones: PhoneStore): Answer {
  const endpoint = existing(form, phones);
  const changes = changesIn(form, form.entries('Attributes').get('CustomUserData'));
  const token = changes.token === undefined ? endpoint.token : tokenFor(platformOf(endpoint.arn), changes.token);
  phones.put({ ...endpoint, ...changes, token });
  return {};
}

export function endpointAttributes(form: QueryForm, phones: PhoneStore): Answer {
  const { token, isEnabled, userData } = existing(form, phones);
  const attributes = { Token: token, Enabled: String(isEnabled), ...(userData !== '' && { CustomUserData: userData }) };
  return { Attributes: new XmlMap(Object.entries(attributes).map(([key, value]) => ({ key, value }))) };
}

/** Also of one that is not there: "this action is idempotent". */
export function deleteEndpoint(form: QueryForm, phones: PhoneStore): Answer {
  phones.drop(form.optional('EndpointArn') ?? '');
  return {};
}

/** `APNS` in `arn:aws:sns:…:endpoint/APNS/name/id`. */
export const platformOf = (endpointArn: string): string => endpointArn.split('/')[1] ?? '';

function existing(form: QueryForm, phones: PhoneStore): PlatformEndpoint {
  const endpoint = phones.find(form.optional('EndpointArn') ?? '');
  if (!endpoint) throw notFound('Endpoint does not exist');
  return endpoint;
}

function changesIn(form: QueryForm, userData: string | undefined) {
  const attributes = form.entries('Attributes');
  const [token, enabled] = [attributes.get('Token'), attributes.get('Enabled')];
  return {
    ...(token !== undefined && { token }),
    ...(enabled !== undefined && { isEnabled: enabled.toLowerCase() === 'true' }),
    ...(userData !== undefined && { userData }),
  };
}

function tokenFor(platform: string, token: string): string {
  if (token === '' || token.length > TOKEN_LENGTH_MAX) throw invalidParameter('Token');
  if (platform.startsWith('APNS') && !appleToken.test(token)) {
    throw invalidParameter('Token Reason: iOS device tokens must be no more than 400 hexadecimal characters');
  }
  return token;
}
