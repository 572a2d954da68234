import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { read } from '../../lambdas/features/forms/typed.ts';
import { apiFunctions } from '../../lambdas/functions/catalogue.ts';
import { freeText } from '../../lambdas/http/free-text.ts';
import type { Route } from '../../lambdas/http/route.ts';

/** A network's published test number, and a synthetic identity number (month + 80): nobody's, both. */
const forbidden = [
  '4111111111111111',
  'Kort 4111 1111 1111 1111',
  '4111-1111-1111-1111',
  '13897544029',
  'Fnr. 138975 44029',
];

const routes: readonly (readonly [string, Route])[] = Object.values(apiFunctions).flatMap(({ routes }) =>
  Object.entries<Route>(routes),
);

const compared = 'compared with what is in force, and kept only when it is equal';
const secret = 'a secret of ours: compared by its digest, and kept nowhere';
const image = 'base64 of an image, whose first octets are checked';
/** Why a field may take digits like these: nothing that somebody typed is kept of it as it was typed. */
const notKept: Readonly<Record<string, string>> = {
  'giveUndertaking.version': compared,
  'acceptInvitation.statementVersion': compared,
  'register.statementVersion': compared,
  'acceptAgreement.version': compared,
  'giveConsent.statementVersion': compared,
  'acknowledgeStatement.version': compared,
  'enrolSafetyDevice.code': secret,
  'putPicture.content': image,
  'putConsentedInformation.picture.content': image,
  'importPortable.portable.data.picture.content': image,
  'importPortable.portable.data.consentedPictures[].content': image,
  'importPortable.signature.keyId': compared,
  'importPortable.signature.value': 'a signature: it is verified, and not kept',
  'createEvent.rule': 'a rule of RFC 5545, parsed part by part',
  'changeEvent.rule': 'a rule of RFC 5545, parsed part by part',
  'previewCalendarImport.calendar': 'each text of it is read as an event’s is: the problem is `forbidden-content`',
  'importCalendar.calendar': 'each text of it is read as an event’s is: the problem is `forbidden-content`',
  'registerDevice.token': 'what a telephone’s push service names it by',
  'publishPriceList.seller.account': 'an account number has eleven digits as well; it is the company’s own',
  'publishOperatorPriceList.seller.account': 'an account number has eleven digits as well; it is the company’s own',
};

/** Of a form that refuses: either slug says so, or the page of a survey does. */
const refusing: readonly string[] = ['forbidden-content', 'survey-answers-refused'];
/** Forms of buttons, codes and secrets, and one of which the address alone is read. */
const withoutText: readonly string[] = [
  'putNoticePreferencesByLink',
  'openClaim',
  'downloadClaim',
  'getClaimedCertificate',
  'issueServiceToken',
  'subscribeToNewsletter',
];

interface Leaf {
  readonly at: string;
  readonly schema: z.ZodType;
}

/** Every schema of a text within another, with where it stands; the checks of what wraps it are tried with it. */
function textsIn(schema: z.ZodType, at: string, seen: ReadonlySet<z.ZodType> = new Set()): Leaf[] {
  if (seen.has(schema)) return [];
  const within = (inner: unknown, step = '') => textsIn(inner as z.ZodType, `${at}${step}`, new Set([...seen, schema]));
  const def = schema._zod.def as unknown as Record<string, unknown> & { type: string };
  switch (def.type) {
    case 'string':
      return [{ at, schema }];
    case 'object':
      return Object.entries(def['shape'] as Record<string, z.ZodType>).flatMap(([name, one]) =>
        within(one, `.${name}`),
      );
    case 'array':
      return within(def['element'], '[]');
    case 'union':
      return (def['options'] as z.ZodType[]).flatMap((one) => within(one));
    case 'tuple':
      return (def['items'] as z.ZodType[]).flatMap((one, i) => within(one, `[${i}]`));
    case 'intersection':
      return [...within(def['left']), ...within(def['right'])];
    case 'record':
      return [...within(def['keyType'], '{}'), ...within(def['valueType'], '{}')];
    case 'pipe':
      return within(def['in']);
    case 'lazy':
      return within((def['getter'] as () => z.ZodType)());
    case 'optional':
    case 'nullable':
    case 'default':
    case 'prefault':
    case 'readonly':
    case 'nonoptional':
    case 'catch':
      return within(def['innerType']);
    default:
      return [];
  }
}
const isTaken = (schema: z.ZodType) => forbidden.filter((text) => schema.safeParse(text).success);

/** A form sends text in every field; its handler reads each by the schema of what is kept, and answers with the page. */
const leaves = routes.flatMap(([id, { body, form }]) => (body && !form ? textsIn(body, id) : []));
const forms = routes.filter(([, { body, form }]) => body && form);

describe('CE-09: what anybody may type', () => {
  it('is found in every body: names, notes, codes and ids', () => {
    expect(leaves.length).toBeGreaterThan(200);
    expect(isTaken(z.string())).toEqual(forbidden);
    expect(isTaken(freeText({ max: 100 }))).toEqual([]);
  });

  it('holds neither card numbers nor Norwegian identity numbers, in any text of any route', () => {
    const taking = leaves
      .filter(({ at }) => !(at in notKept))
      .map(({ at, schema }) => ({ at, takes: isTaken(schema) }))
      .filter(({ takes }) => takes.length > 0);
    expect(taking.map(({ at, takes }) => `${at} takes ${takes.join(', ')}`)).toEqual([]);
  });

  it('is refused on the page where a form keeps what was typed', () => {
    const keeping = forms.filter(([id]) => !withoutText.includes(id));
    expect(keeping.length).toBeGreaterThan(4);
    const mute = keeping.filter(([, { problems }]) => !problems.some((slug) => refusing.includes(slug)));
    expect(mute.map(([id]) => id)).toEqual([]);
    for (const text of forbidden) {
      for (const name of ['name', 'address', 'text'] as const) {
        expect(read({ [name]: text }, [name]), name).toMatchObject({ slug: 'forbidden-content' });
      }
    }
  });

  it('names no exception that is none', () => {
    for (const at of Object.keys(notKept)) {
      const leaf = leaves.find((one) => one.at === at);
      expect(leaf && isTaken(leaf.schema).length, at).toBeGreaterThan(0);
    }
  });
});
