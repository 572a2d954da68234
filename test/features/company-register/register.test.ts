import { EventEmitter } from 'node:events';
import { readFileSync } from 'node:fs';
import type { request } from 'node:https';
import { describe, expect, it } from 'vitest';
import { factsIn } from '../../../lambdas/features/company-register/unit.ts';
import { askOpenRegister, openRegister } from '../../../lambdas/platform/open-register.ts';

const recorded = JSON.parse(readFileSync('test/fixtures/enhetsregisteret/974760673.json', 'utf8'));

describe('what the open register says', () => {
  it('is read as far as we hold the same, and no further', () => {
    expect(factsIn(recorded)).toEqual({
      name: 'REGISTERENHETEN I BRØNNØYSUND',
      organisationNumber: '974760673',
      address: 'Havnegata 48',
      postcode: '8900',
      city: 'BRØNNØYSUND',
      isDeleted: false,
    });
  });

  it('says when a company is no more, and nothing of an address abroad', () => {
    const abroad = {
      ...recorded,
      slettedato: '2026-01-31',
      forretningsadresse: { ...recorded.forretningsadresse, landkode: 'SE' },
    };
    expect(factsIn(abroad)).toEqual({
      name: 'REGISTERENHETEN I BRØNNØYSUND',
      organisationNumber: '974760673',
      isDeleted: true,
    });
  });

  it.each([
    ['no unit', { feilmelding: 'Ukjent' }],
    ['a number that does not add up', { ...recorded, organisasjonsnummer: '974760674' }],
    ['a name that is none', { ...recorded, navn: '' }],
    ['a list', [recorded]],
  ])('is nothing where it is %s', (_what, entry) => {
    expect(factsIn(entry)).toBeUndefined();
  });
});

describe('the door to the register', () => {
  /** The register, as the outside world that it is: what it was asked, and what it answers. */
  function aRegister(answer: { status: number; body?: string } | 'unreachable') {
    const asked: Record<string, unknown>[] = [];
    const send = ((options: Record<string, unknown>, answered: (response: unknown) => void) => {
      asked.push(options);
      const sent = new EventEmitter();
      return Object.assign(sent, {
        end() {
          if (answer === 'unreachable') return sent.emit('error', new Error('ENOTFOUND'));
          const response = Object.assign(new EventEmitter(), {
            statusCode: answer.status,
            destroy: (error?: Error) => error && response.emit('error', error),
          });
          answered(response);
          if (answer.body !== undefined) response.emit('data', Buffer.from(answer.body));
          return response.emit('end');
        },
      });
    }) as unknown as typeof request;
    return { asked, ask: askOpenRegister(send) };
  }

  it('lets out an organisation number and nothing else, to one place', async () => {
    const { asked, ask } = aRegister({ status: 200, body: JSON.stringify(recorded) });
    expect(await ask('974760673')).toEqual({ found: recorded });
    expect(asked).toMatchObject([
      { method: 'GET', host: openRegister.host, path: '/enhetsregisteret/api/enheter/974760673' },
    ]);
    expect(Object.keys(asked[0]?.['headers'] as object)).toEqual(['accept']);
    await expect(ask('Kari Kunde')).rejects.toThrow('Not an organisation number');
    expect(asked).toHaveLength(1);
  });

  it.each([
    [{ status: 404 }, 'unknown-number'],
    [{ status: 410 }, 'unknown-number'],
    [{ status: 500 }, 'not-reached'],
    [{ status: 302 }, 'not-reached'],
    [{ status: 200, body: '<html>' }, 'not-reached'],
    [{ status: 200, body: `"${'x'.repeat(200_000)}"` }, 'not-reached'],
    ['unreachable', 'not-reached'],
  ] as const)('says so where it gets no entry: %j', async (answer, failure) => {
    expect(await aRegister(answer).ask('974760673')).toEqual({ failure });
  });
});
