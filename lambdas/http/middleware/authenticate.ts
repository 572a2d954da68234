import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import type { ApiOptions } from '../api.ts';
import type { DeviceCaller } from '../call.ts';
import type { Step } from '../exchange.ts';
import { SafetyDeviceId } from '../ids.ts';
import { isSignedBy, type SignedRequest } from '../message-signature.ts';
import { Problem } from '../problem.ts';
import type { Steps } from '../steps.ts';

type Options = Pick<ApiOptions, 'publicUrl' | 'now'>;
type Known = Pick<Steps<unknown>, 'authenticate' | 'findDevice' | 'demandSigned'>;

export const authenticate = (steps: Known, options: Options): Step => ({
  before: async ({ event, context: { exchange } }) => {
    const { to } = exchange.route.access;
    if (to === 'anyone') return;
    if (to === 'device') {
      exchange.device = await signingDevice(event, steps, options);
      return;
    }
    const token = /^Bearer +([\w.~+/-]+=*)$/i.exec(event.headers['authorization'] ?? '')?.[1];
    if (token === undefined) throw new Problem('not-signed-in');
    const { sourceIp, userAgent = '' } = event.requestContext.http;
    exchange.account = await steps.authenticate({ token, sourceIp, userAgent });
  },
});

/** The device that the path names, if it has signed the request: with another one's signature nobody speaks for it. */
async function signingDevice(event: APIGatewayProxyEventV2, steps: Known, options: Options): Promise<DeviceCaller> {
  const named = SafetyDeviceId.safeParse(event.pathParameters?.['safetyDeviceId']);
  const isSigned = event.headers['signature'] !== undefined && event.headers['signature-input'] !== undefined;
  const known = named.success && isSigned ? await steps.findDevice?.(named.data) : undefined;
  if (known) {
    const key = { keyId: known.device.deviceId, publicKey: known.publicKey };
    if (isSignedBy(key, signedRequest(event, options), options.now())) return known.device;
  }
  // Only what is not signed is counted for the address: behind it may be a device that calls for help.
  await steps.demandSigned?.({ sourceIp: event.requestContext.http.sourceIp, now: options.now() });
  throw new Problem('signature-required');
}

function signedRequest(event: APIGatewayProxyEventV2, { publicUrl }: Options): SignedRequest {
  const { headers, rawPath, rawQueryString, body = '', isBase64Encoded } = event;
  return {
    method: event.requestContext.http.method,
    targetUri: `${publicUrl}${rawPath}${rawQueryString === '' ? '' : `?${rawQueryString}`}`,
    headers,
    content: Buffer.from(body, isBase64Encoded ? 'base64' : 'utf8'),
  };
}
