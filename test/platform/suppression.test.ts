import {
  DeleteSuppressedDestinationCommand,
  type GetSuppressedDestinationCommand,
  NotFoundException,
  type SESv2Client,
} from '@aws-sdk/client-sesv2';
import { describe, expect, it } from 'vitest';
import { suppressionList } from '../../lambdas/platform/suppression.ts';

/** SES, as the outside world that it is: a list that is case-exact and knows no "not there" but by an error. */
function fakeSes(addresses: string[], otherError?: Error) {
  const listed = new Set(addresses);
  const pauses: number[] = [];
  const calls: string[] = [];
  const client = {
    async send(command: unknown) {
      if (otherError) throw otherError;
      const { EmailAddress = '' } = (command as GetSuppressedDestinationCommand).input;
      calls.push(`${(command as object).constructor.name} ${EmailAddress}`);
      if (!listed.has(EmailAddress)) throw new NotFoundException({ message: 'not there', $metadata: {} });
      if (command instanceof DeleteSuppressedDestinationCommand) listed.delete(EmailAddress);
      return {};
    },
  } as unknown as Pick<SESv2Client, 'send'>;
  const list = suppressionList(client, async (milliseconds) => {
    pauses.push(milliseconds);
  });
  return { list, listed, pauses, calls };
}

describe('SES’s suppression list', () => {
  it('KP-12: gives up an address, exactly as it is written, and does not mind when it is not there', async () => {
    const { list, listed } = fakeSes(['Kari@example.no', 'kari@example.no']);
    await list.remove('Kari@example.no');
    await list.remove('Kari@example.no');
    expect([...listed]).toEqual(['kari@example.no']);
    expect(await list.holds('Kari@example.no')).toBe(false);
    expect(await list.holds('kari@example.no')).toBe(true);
  });

  it('is asked at most once a second', async () => {
    const { list, pauses } = fakeSes([]);
    await list.holds('a@example.no');
    expect(pauses).toEqual([]);
    await list.remove('a@example.no');
    await list.holds('b@example.no');
    expect(pauses).toHaveLength(2);
    expect(Math.min(...pauses)).toBeGreaterThan(1000);
  });

  it('that cannot be reached is not one that holds nothing', async () => {
    const { list } = fakeSes([], new Error('throttled'));
    await expect(list.holds('a@example.no')).rejects.toThrow('throttled');
    await expect(list.remove('a@example.no')).rejects.toThrow('throttled');
  });
});
