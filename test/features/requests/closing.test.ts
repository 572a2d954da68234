import { describe, expect, it } from 'vitest';
import { objectable } from '../../../lambdas/features/requests/closing.ts';
import { ENTITIES_MAX } from '../../../lambdas/features/requests/request.ts';

describe('what can be objected to (Art. 21)', () => {
  it('is what the controller’s own relation gives, and not what the law demands or a consent carries', () => {
    expect([...objectable.keys()].sort()).toEqual([
      'abuse-report',
      'attendance-day',
      'chat',
      'clock-position',
      'correction',
      'custody',
      'device-event',
      'document-receipt',
      'event-answer',
      'geofence',
      'health-entry',
      'log-entry',
      'message-draft',
      'message-thread',
      'out-of-office',
      'person-calendar-event',
      'person-document',
      'picture',
      'qualification',
      'slot-booking',
      'standing-weeks',
      'thread-message',
      'ticket',
      'ticket-entry',
      'usage-categories',
      'usage-event',
      'whereabouts',
    ]);
    expect(objectable.size).toBeLessThanOrEqual(ENTITIES_MAX);
  });
});
