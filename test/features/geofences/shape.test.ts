import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { metresInside, Shape, sideOf } from '../../../lambdas/features/geofences/shape.ts';

const home = { latitude: 59.9139, longitude: 10.7522 };
const circle: Shape = { type: 'circle', centre: home, radiusMetres: 100 };
/** About 556 m by 558 m. */
const square: Shape = {
  type: 'polygon',
  vertices: [
    { latitude: 59.91, longitude: 10.75 },
    { latitude: 59.91, longitude: 10.76 },
    { latitude: 59.915, longitude: 10.76 },
    { latitude: 59.915, longitude: 10.75 },
  ],
};

/** The great circle's length (haversine): another way to the same distance. */
function metresBetween(one: typeof home, other: typeof home): number {
  const radians = (degrees: number) => (degrees * Math.PI) / 180;
  const [dLat, dLon] = [radians(other.latitude - one.latitude), radians(other.longitude - one.longitude)];
  const a =
    Math.sin(dLat / 2) ** 2 +
    Math.cos(radians(one.latitude)) * Math.cos(radians(other.latitude)) * Math.sin(dLon / 2) ** 2;
  return 2 * 6_371_008.8 * Math.asin(Math.sqrt(a));
}

const near = fc.record({
  latitude: fc.double({ min: 59, max: 61, noNaN: true }),
  longitude: fc.double({ min: 9, max: 12, noNaN: true }),
});

describe('the shape of a geofence', () => {
  it('knows within a metre in a hundred how far a circle’s border is', () => {
    fc.assert(
      fc.property(near, (point) => {
        const metres = metresBetween(home, point);
        fc.pre(metres < 50_000);
        expect(Math.abs(metresInside(circle, point) - (100 - metres))).toBeLessThan(1 + metres / 100);
      }),
    );
  });

  it('tells what lies in a polygon from what does not, also where it bends inwards', () => {
    const bay: Shape = {
      type: 'polygon',
      vertices: [
        { latitude: 59.91, longitude: 10.75 },
        { latitude: 59.912, longitude: 10.755 },
        { latitude: 59.91, longitude: 10.76 },
        { latitude: 59.915, longitude: 10.755 },
      ],
    };
    expect(metresInside(bay, { latitude: 59.913, longitude: 10.755 })).toBeGreaterThan(0);
    expect(metresInside(bay, { latitude: 59.911, longitude: 10.755 })).toBeLessThan(0);
    expect(metresInside(square, { latitude: 59.9125, longitude: 10.755 })).toBeGreaterThan(250);
    expect(metresInside(square, { latitude: 59.9125, longitude: 10.7499 })).toBeCloseTo(-5.6, 0);
  });

  it('is the same whichever corner comes first and whichever way round they come', () => {
    fc.assert(
      fc.property(near, fc.nat(3), fc.boolean(), (point, turn, isReversed) => {
        const turned = [...square.vertices.slice(turn), ...square.vertices.slice(0, turn)];
        const again: Shape = { type: 'polygon', vertices: isReversed ? turned.toReversed() : turned };
        expect(metresInside(again, point)).toBeCloseTo(metresInside(square, point), 6);
      }),
    );
  });

  it('works across the date line', () => {
    const fiji: Shape = { type: 'circle', centre: { latitude: -17, longitude: 179.9999 }, radiusMetres: 100 };
    expect(metresInside(fiji, { latitude: -17, longitude: -179.9999 })).toBeGreaterThan(70);
  });

  it('says nothing of who is nearer to the border than the measurement may be wrong', () => {
    const at = { ...home, latitude: home.latitude + 0.0009 };
    // Very nearly on the border: a hundred metres north.
    expect(sideOf(circle, { ...at, accuracyMetres: 10 })).toBeUndefined();
    expect(sideOf(circle, { ...home, accuracyMetres: 10 })).toBe('inside');
    expect(sideOf(circle, { ...home, accuracyMetres: 150 })).toBeUndefined();
    expect(sideOf(circle, { ...home, latitude: home.latitude + 0.002, accuracyMetres: 10 })).toBe('outside');
  });

  it('says nothing at the border itself, also to a device that claims to be exact', () => {
    const shape = { type: 'circle', centre: home, radiusMetres: 100 } as const;
    const sides = [92, 97, 103, 108].map((metres) =>
      sideOf(shape, { ...home, latitude: home.latitude + metres / 111_195, accuracyMetres: 0 }),
    );
    expect(sides).toEqual(['inside', undefined, undefined, 'outside']);
  });

  it('is refused when it encloses nothing, or is too large for a flat map', () => {
    const [one, other] = square.vertices;
    const refused = [
      { type: 'polygon', vertices: [one, other] },
      { type: 'polygon', vertices: [one, other, one] },
      { type: 'polygon', vertices: [one, other, { latitude: 70, longitude: 20 }] },
      { type: 'circle', centre: home, radiusMetres: 5 },
      { type: 'circle', centre: { latitude: 89, longitude: 0 }, radiusMetres: 100 },
    ];
    for (const shape of refused) expect(Shape.safeParse(shape).success).toBe(false);
    expect(Shape.safeParse(square).success).toBe(true);
  });
});
