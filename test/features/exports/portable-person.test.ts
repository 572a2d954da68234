import { describe, expect, it } from 'vitest';
import { Portable } from '../../../lambdas/features/exports/portable.ts';
import { carriedFrom } from '../../../lambdas/features/exports/portable-person.ts';
import { fieldsNotHeld } from '../../../lambdas/features/people/person.ts';
import { isPictureHeld } from '../../../lambdas/features/pictures/picture.ts';
import { anId } from '../../support/store.ts';

const image = { contentType: 'image/png', content: 'iVBORw==' } as const;
const portable = (data: object) =>
  Portable.parse({
    format: 'vern-portable',
    version: 1,
    origin: { id: anId('org'), name: 'Solbakken barnehage' },
    exportedAt: '2026-11-23T07:00:00.000Z',
    data,
  });
const [organisationId, personId] = [anId('org'), anId('per')];
const takenBy = (profile: 'kindergarten' | 'workplace', data: object) =>
  carriedFrom(portable(data), {
    organisationId,
    personId,
    now: new Date('2026-12-01T08:00:00Z'),
    fieldsNotHeld,
    isPictureHeld: (kind) => isPictureHeld(profile, kind),
  });
const child = { kind: 'child', firstName: 'Emil', lastName: 'Olstad', language: 'nb', protectedAddress: false };

describe('what is taken in', () => {
  it('belongs to the organisation that takes it, under an id of its own, and says where it came from', () => {
    const { person, origin, leftOut } = takenBy('kindergarten', { person: child });
    expect(person).toMatchObject({ id: personId, organisationId, firstName: 'Emil', placements: [] });
    expect(origin).toMatchObject({ origin: 'Solbakken barnehage', importedAt: '2026-12-01T08:00:00.000Z' });
    expect(leftOut).toEqual([]);
  });

  it('keeps a child’s picture in a kindergarten, and not where none may be held (FW-02, KP-04)', () => {
    const member = { ...child, kind: 'member' };
    expect(takenBy('kindergarten', { person: child, picture: image })).toMatchObject({ picture: image, leftOut: [] });
    const there = takenBy('workplace', { person: member, picture: image });
    expect([there.picture, there.leftOut]).toEqual([undefined, ['picture']]);
  });

  it('holds no field that is not held about such a person without consent, and no consent of another organisation’s', () => {
    const { person, leftOut } = takenBy('kindergarten', {
      person: { ...child, address: 'Storgata 1' },
      consented: [{ address: 'Storgata 1' }],
    });
    expect(person.address).toBeUndefined();
    expect(leftOut).toEqual(['fields', 'consented']);
  });
});
