import { describe, expect, it } from 'vitest';
import { type RoleName, roleNames } from '../../../lambdas/access/roles.ts';
import { eventSentences } from '../../../lambdas/features/activity/sentences.ts';
import { kindOf, type Look, mayKnowOf, viewerOf, viewKinds } from '../../../lambdas/features/views/view.ts';

const aLook = (wanted: Partial<Look> = {}): Look => ({
  event: 'attendance.seen',
  isByReader: false,
  isBySubject: false,
  plain: undefined,
  role: { name: 'staff', isOfOperator: false },
  isPerson: true,
  isFormerUser: false,
  isKeptAway: false,
  name: 'Kari Nordmann',
  ...wanted,
});
const inRole = (name: RoleName, isOfOperator = false) => aLook({ role: { name, isOfOperator } });

describe('somebody who looked', () => {
  it('is named when they work for the organisation, and only then', () => {
    const named = roleNames.filter((name) => viewerOf(inRole(name)).by.name !== undefined);
    expect(named).toEqual(['administrator', 'privacy-officer', 'leader', 'staff']);
    for (const name of roleNames)
      expect(viewerOf(inRole(name, true)).by).toEqual({ kind: 'operator-staff', role: name });
  });

  it.each<[string, Partial<Look>]>([
    ['whom a block keeps away', { isKeptAway: true }],
    ['who is no more', { isFormerUser: true }],
    ['whose data is closed', { name: undefined }],
    ['whose role is not known any more', { role: undefined }],
  ])('is not named: %s', (_, facts) => expect(viewerOf(aLook(facts)).by).not.toHaveProperty('name'));

  it('has the hour to themselves, unless they are at work', () => {
    const atWork = roleNames.filter((name) => viewerOf(inRole(name)).hasHour);
    expect(atWork).toEqual(['administrator', 'privacy-officer', 'leader', 'staff', 'integration']);
    expect(viewerOf(aLook({ role: undefined })).hasHour).toBe(false);
    expect(viewerOf(aLook({ role: undefined, isFormerUser: true })).hasHour).toBe(false);
    expect(viewerOf(aLook({ role: { name: 'guardian', isOfOperator: false }, isByReader: true })).hasHour).toBe(true);
  });
});

describe('a look', () => {
  it('is one of a kind that the contract names, and has a sentence', () => {
    const kinds = new Set(Object.keys(eventSentences).flatMap((event) => kindOf(event) ?? []));
    expect([...kinds].sort()).toEqual([...viewKinds].sort());
    expect(kindOf('attendance.checked-in')).toBeUndefined();
  });

  it('is told to whom it concerns', () => {
    const readers = ['self', 'guardian', 'officer'] as const;
    const told = (look: Look) => readers.filter((as) => mayKnowOf(look, as));
    expect(told(aLook())).toEqual(['self', 'guardian', 'officer']);
    expect(told(aLook({ isBySubject: true }))).toEqual(['self', 'officer']);
    expect(told(aLook({ event: 'request.seen' }))).toEqual(['self', 'officer']);
    expect(told(aLook({ event: 'people.seen' }))).toEqual(['officer']);
    expect(told(aLook({ event: 'views.seen', isByReader: true }))).toEqual([]);
    expect(told(aLook({ event: 'views.seen' }))).toEqual(['self', 'guardian', 'officer']);
  });
});
