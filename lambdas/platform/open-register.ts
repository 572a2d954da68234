import { request } from 'node:https';

/** The register's own words for a unit that was deleted (Enhetsregisteret's open API: 410). */
type RegisterAnswer = { readonly found: unknown } | { readonly failure: 'unknown-number' | 'not-reached' };
/** Asks the open register for what it says about one organisation number (nine digits). */
export type AskRegister = (organisationNumber: string) => Promise<RegisterAnswer>;

/**
 * The door to Enhetsregisteret (Brønnøysundregistrene, https://data.brreg.no/enhetsregisteret/api/docs): an open register of
 * the state, without an agreement and without a key. It gets an organisation number and nothing else.
 */
export const openRegister = {
  supplier: 'Brønnøysundregistrene',
  host: 'data.brreg.no',
  sends: ['organisationNumber'],
  purpose: 'to compare what is held about a company with the open register',
} as const;

const ANSWER_MILLISECONDS_MAX = 5_000;
/** A unit's entry has a few thousand characters. */
const ANSWER_BYTES_MAX = 100_000;

/** `send`: node's own client, or a test's. Never throws: what cannot be reached says nothing. */
export const askOpenRegister =
  (send: typeof request = request): AskRegister =>
  (organisationNumber) =>
    new Promise((done) => {
      if (!/^\d{9}$/.test(organisationNumber)) throw new Error('Not an organisation number');
      const sent = send(
        {
          method: 'GET',
          host: openRegister.host,
          path: `/enhetsregisteret/api/enheter/${organisationNumber}`,
          headers: { accept: 'application/vnd.brreg.enhetsregisteret.enhet.v2+json;charset=UTF-8' },
          signal: AbortSignal.timeout(ANSWER_MILLISECONDS_MAX),
        },
        (response) => {
          const { statusCode = 0 } = response;
          if (statusCode === 404 || statusCode === 410) {
            response.destroy();
            return done({ failure: 'unknown-number' });
          }
          if (statusCode !== 200) {
            response.destroy();
            return done({ failure: 'not-reached' });
          }
          const parts: Buffer[] = [];
          let bytes = 0;
          response.on('data', (part: Buffer) => {
            bytes += part.length;
            if (bytes <= ANSWER_BYTES_MAX) parts.push(part);
            else response.destroy(new Error('More than a unit’s entry'));
          });
          response.on('error', () => done({ failure: 'not-reached' }));
          response.on('end', () => done(jsonIn(Buffer.concat(parts).toString('utf8'))));
        },
      );
      sent.on('error', () => done({ failure: 'not-reached' }));
      sent.end();
    });

function jsonIn(text: string): RegisterAnswer {
  try {
    return { found: JSON.parse(text) };
  } catch {
    return { failure: 'not-reached' };
  }
}
