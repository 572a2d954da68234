import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type MailEvent, mailEventTypes } from '../../../lambdas/features/deliveries/mail-events.ts';
import { outcomeOf, settled, stopsMail } from '../../../lambdas/features/deliveries/outcome.ts';
import { nextMorning } from '../../../lambdas/features/deliveries/tell-administrators.ts';
import type { Notice } from '../../../lambdas/features/notices/notice.ts';
import { anId } from '../../support/store.ts';

const at = '2026-11-23T07:00:05.000Z';
const event = (type: MailEvent['type'], bounce?: MailEvent['bounce']): MailEvent => ({
  type,
  at,
  ...(bounce && { bounce }),
});
const anyEvent = fc
  .record({
    type: fc.constantFrom(...mailEventTypes),
    bounce: fc.constantFrom('permanent' as const, 'transient' as const),
  })
  .map(({ type, bounce }) => event(type, type === 'bounce' ? bounce : undefined));

const notice: Notice = {
  id: anId('ntc'),
  content: { template: 'email-changed', parameters: { at } },
  channel: 'email',
  address: 'kari@example.org',
  state: 'sending',
  attempts: 1,
  createdAt: at,
  dueAt: at,
};

describe('the outcome of a mail', () => {
  it.each([
    [[event('send')], 'accepted'],
    [[event('send'), event('delay')], 'temporary-failure'],
    [[event('bounce', 'transient')], 'temporary-failure'],
    [[event('delay'), event('delivery')], 'delivered'],
    [[event('delivery'), event('bounce', 'transient')], 'delivered'],
    [[event('delivery'), event('complaint')], 'delivered'],
    [[event('delivery'), event('bounce', 'permanent')], 'permanent-failure'],
    [[event('send'), event('reject')], 'permanent-failure'],
    [[], undefined],
  ] as const)('of %j is %s', (events, state) => {
    expect(outcomeOf(events)).toBe(state);
  });

  it('does not depend on the order of the events, nor on how often each is told', () => {
    const twice = fc
      .array(anyEvent, { maxLength: 8 })
      .chain((events) =>
        fc.tuple(fc.constant(events), fc.shuffledSubarray([...events, ...events], { minLength: events.length * 2 })),
      );
    fc.assert(
      fc.property(twice, ([events, again]) => {
        expect(outcomeOf(again)).toBe(outcomeOf(events));
      }),
    );
  });

  it('settles a notice whose answer was lost: nothing is left to send, nor to send it to', () => {
    const said = { sentAt: at, sesMessageId: 'ses-9' };
    expect(settled(notice, [event('send')], said)).toEqual({
      id: notice.id,
      content: { template: 'done', was: 'email-changed' },
      channel: 'email',
      state: 'accepted',
      attempts: 1,
      createdAt: at,
      ...said,
    });
    expect(settled(notice, [], said)).toBe(notice);
  });

  it('stops mail where the address is no good or nobody wants it there, and for nothing else', () => {
    const stopping = mailEventTypes.filter((type) => type !== 'bounce' && stopsMail(event(type)));
    expect(stopping).toEqual(['complaint']);
    expect(stopsMail(event('bounce', 'permanent'))).toBe(true);
    expect(stopsMail(event('bounce', 'transient'))).toBe(false);
  });
});

describe('the morning on which administrators are told', () => {
  it.each([
    ['2026-11-23T05:59:59Z', '2026-11-23', '2026-11-23T06:00:00.000Z'],
    ['2026-11-23T06:00:00Z', '2026-11-24', '2026-11-24T06:00:00.000Z'],
    ['2027-03-27T23:30:00Z', '2027-03-28', '2027-03-28T05:00:00.000Z'],
    ['2026-12-31T22:59:00Z', '2027-01-01', '2027-01-01T06:00:00.000Z'],
  ])('after %s is %s at seven in Oslo', (now, day, instant) => {
    const morning = nextMorning('Europe/Oslo', new Date(now));
    expect({ ...morning, at: morning.at.toISOString() }).toEqual({ day, at: instant });
  });
});
