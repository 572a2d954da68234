import * as z from 'zod';
import type { Answer, Call } from '../loopback/call-server.ts';
import { addressesIn } from '../ses/address.ts';
import { rawMessage, valuesOf } from '../ses/mime.ts';
import { SesProblem } from '../ses/problem.ts';
import type { Receiving } from '../ses/receiving.ts';

const seen = z.enum(['PASS', 'FAIL', 'GRAY', 'PROCESSING_FAILED']).optional();
const authenticated = z.enum(['pass', 'fail', 'none']).optional();
const Query = z.strictObject({
  to: z.string(),
  from: z.string().optional(),
  spam: seen,
  virus: seen,
  spf: z.enum(['pass', 'fail', 'softfail', 'none']).optional(),
  dkim: authenticated,
  dmarc: authenticated,
});

/**
 * `POST /inbound?to=&from=`, the body a raw mail (RFC 5322): brings it to SES as from outside. `from` is the envelope's,
 * by default the From header's; `spam`, `virus`, `spf`, `dkim`, `dmarc` say what SES finds. Undefined for other paths.
 */
export async function inboundAnswer({ method, url, body }: Call, mail: Receiving): Promise<Answer | undefined> {
  if (url.pathname !== '/inbound') return undefined;
  if (method !== 'POST') return told(405, 'Mail is posted here');
  const query = Query.safeParse(Object.fromEntries(url.searchParams));
  if (!query.success) return told(400, z.prettifyError(query.error));
  const { to: recipient, from: sender, ...verdicts } = query.data;
  try {
    const [to] = addressesIn(recipient);
    const [from] =
      sender === undefined ? valuesOf(rawMessage(body).fields, 'from').flatMap(addressesIn) : addressesIn(sender);
    if (!to || !from) return told(400, 'The mail has no sender or no recipient');
    const id = await mail.receive({ from, to, raw: body, verdicts });
    return id === undefined ? told(404, '550 5.1.1 No rule takes mail to this address') : told(200, id);
  } catch (error) {
    if (error instanceof SesProblem) return told(400, error.message);
    throw error;
  }
}

const told = (status: number, text: string): Answer => ({
  status,
  headers: { 'content-type': 'text/plain; charset=utf-8' },
  body: text,
});
