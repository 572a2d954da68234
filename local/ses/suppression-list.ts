import * as z from 'zod';
import type { Clock } from '../clock.ts';
import type { Answer, Call } from '../loopback/call-server.ts';
import type { MailStore, Suppressed } from './mail-store.ts';

/** The account's suppression list: the part of SES v2 (REST, JSON) that v1 lacks. */
const PATH = '/v2/email/suppression/addresses';
const PAGE_SIZE_MAX = 1000;

const Reason = z.enum(['BOUNCE', 'COMPLAINT']);
const PutInput = z.object({ EmailAddress: z.email().max(320), Reason });
const Instant = z.coerce.date().transform((date) => date.getTime());
const ListInput = z.object({
  Reason: z.array(Reason).optional(),
  StartDate: Instant.optional(),
  EndDate: Instant.optional(),
  PageSize: z.coerce.number().int().min(1).max(PAGE_SIZE_MAX).default(100),
  NextToken: z.string().optional(),
});

/** Answers a call to the list; undefined where the path is another's. */
export function suppressionAnswer(call: Call, store: MailStore, clock: Clock): Answer | undefined {
  const { pathname } = call.url;
  if (pathname === PATH && call.method === 'PUT') return put(call.body, store, clock);
  if (pathname === PATH && call.method === 'GET') return list(call.url.searchParams, store);
  if (!pathname.startsWith(`${PATH}/`)) return undefined;
  const address = decoded(pathname.slice(PATH.length + 1));
  const found = store.findSuppressed(address);
  if (!found)
    return problem(404, 'NotFoundException', `Email address ${address} does not exist on your suppression list.`);
  if (call.method === 'GET') {
    return json(200, { SuppressedDestination: { ...summary(found), Attributes: {} } });
  }
  if (call.method !== 'DELETE') return undefined;
  store.unsuppress(address);
  return json(200, {});
}

function put(body: Buffer, store: MailStore, clock: Clock): Answer {
  const parsed = PutInput.safeParse(parsedJson(body));
  if (!parsed.success) return problem(400, 'BadRequestException', z.prettifyError(parsed.error));
  const { EmailAddress: address, Reason: reason } = parsed.data;
  store.suppress({ address, reason, updatedAtEpochMilliseconds: clock.now() });
  return json(200, {});
}

function list(query: URLSearchParams, store: MailStore): Answer {
  const parsed = ListInput.safeParse({
    ...Object.fromEntries(query),
    Reason: query.has('Reason') ? query.getAll('Reason') : undefined,
  });
  if (!parsed.success) return problem(400, 'BadRequestException', z.prettifyError(parsed.error));
  const input = parsed.data;
  const after = input.NextToken && Buffer.from(input.NextToken, 'base64url').toString();
  const rest = store
    .suppressed()
    .filter(({ reason }) => !input.Reason || input.Reason.includes(reason))
    .filter(({ updatedAtEpochMilliseconds: at }) => at >= (input.StartDate ?? 0) && at <= (input.EndDate ?? Infinity))
    .filter(({ address }) => !after || address > after);
  const page = rest.slice(0, input.PageSize);
  return json(200, {
    SuppressedDestinationSummaries: page.map(summary),
    ...(rest.length > page.length && { NextToken: Buffer.from(page.at(-1)!.address).toString('base64url') }),
  });
}

function summary({ address, reason, updatedAtEpochMilliseconds }: Suppressed): object {
  return { EmailAddress: address, Reason: reason, LastUpdateTime: updatedAtEpochMilliseconds / 1000 };
}

function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}

function parsedJson(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString());
  } catch {
    return undefined;
  }
}

function problem(status: number, exception: string, message: string): Answer {
  return {
    ...json(status, { message }),
    headers: { 'content-type': 'application/json', 'x-amzn-errortype': exception },
  };
}

function json(status: number, body: object): Answer {
  return { status, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
}
