import { describe, expect, it } from 'vitest';
import { type Known, reasonNotToSend } from '../../../lambdas/features/notices/facts.ts';
import { categoryOf, Notice, type NoticeContent } from '../../../lambdas/features/notices/notice.ts';
import { childLogTemplates } from '../../../lambdas/features/notices/templates/child-log.ts';
import { anId } from '../../support/store.ts';

const expiresAt = '2026-11-23T23:00:00.000Z';
const at = new Date('2026-11-23T15:31:00Z');
const content: Extract<NoticeContent, { template: 'daily-summary' }> = {
  template: 'daily-summary',
  parameters: { childId: anId('per'), sleeps: 1, meals: 2, nappies: 0, notes: 1, expiresAt },
};
const notice = Notice.parse({ id: anId('ntc'), content, state: 'created', attempts: 0, createdAt: at.toISOString() });
const known = (but: Partial<Known> = {}): Known => ({
  recipient: { address: 'kari@example.no', language: 'nb', isProtected: false },
  hasDeclined: false,
  undeliverable: undefined,
  children: [{ firstName: 'Åse', protectedAddress: false }],
  tie: { isBlocked: false, isGuardian: true },
  ...but,
});
const reason = (but: Partial<Known> = {}, now = at) => reasonNotToSend(notice, content, known(but), now);

describe('the letter about a day', () => {
  it('goes to whoever is still a guardian then, and wants it', () => {
    expect(reason()).toBeUndefined();
    expect(categoryOf('daily-summary')).toBe('daily-summary');
    expect(reason({ hasDeclined: true })).toBe('declined');
  });

  it('is looked at again when it is sent: a block, the end of a right, a child that is gone', () => {
    expect(reason({ tie: { isBlocked: true, isGuardian: true } })).toBe('blocked');
    expect(reason({ tie: { isBlocked: false, isGuardian: false } })).toBe('no-longer-guardian');
    expect(reason({ children: [undefined] })).toBe('child-gone');
  });

  it('is no news when the day is over', () => {
    expect(reason({}, new Date('2026-11-23T22:59:59Z'))).toBeUndefined();
    expect(reason({}, new Date(expiresAt))).toBe('too-late');
  });

  it('has no room for health, nor for what anybody wrote', () => {
    const shape = childLogTemplates['daily-summary'];
    expect(Object.keys(shape.shape).sort()).toEqual(['childId', 'expiresAt', 'meals', 'nappies', 'notes', 'sleeps']);
    for (const text of ['Feber', 'Falt']) {
      expect(shape.safeParse({ ...content.parameters, notes: text }).success).toBe(false);
    }
  });
});
