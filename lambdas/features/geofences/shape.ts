import * as z from 'zod';

const VERTICES_MIN = 3;
const VERTICES_MAX = 50;
const RADIUS_METRES_MIN = 20;
const RADIUS_METRES_MAX = 50_000;
/** From a polygon's first corner to any other: further away a flat map is wrong. */
const REACH_METRES_MAX = 100_000;
/** No device knows better where it is, whatever it says: one that says 0 would come and go with every step at the border. */
const ACCURACY_METRES_MIN = 5;
/** Mean radius of the Earth (IUGG). */
const EARTH_METRES = 6_371_008.8;

/** Nearer to a pole a flat map is wrong. */
const Coordinates = z
  .strictObject({ latitude: z.number().min(-85).max(85), longitude: z.number().min(-180).max(180) })
  .meta({ id: 'Coordinates', description: 'WGS 84, in degrees.' });
type Coordinates = z.output<typeof Coordinates>;

const Circle = z
  .strictObject({
    type: z.literal('circle'),
    centre: Coordinates,
    radiusMetres: z.int().min(RADIUS_METRES_MIN).max(RADIUS_METRES_MAX),
  })
  .meta({ id: 'GeofenceCircle' });

const Polygon = z
  .strictObject({
    type: z.literal('polygon'),
    vertices: z
      .array(Coordinates)
      .min(VERTICES_MIN)
      .max(VERTICES_MAX)
      .meta({ description: 'The corners in turn; the last is joined to the first.' }),
  })
  .refine(({ vertices }) => vertices.every((vertex) => isNear(vertices[0]!, vertex)), {
    path: ['vertices'],
    message: `At most ${REACH_METRES_MAX / 1000} km from the first corner.`,
  })
  .refine(({ vertices }) => areaOf(vertices) > 0, { path: ['vertices'], message: 'It encloses nothing.' })
  .meta({ id: 'GeofencePolygon' });

export const Shape = z.discriminatedUnion('type', [Circle, Polygon]).meta({ id: 'GeofenceShape' });
export type Shape = z.output<typeof Shape>;

/** Where somebody was measured to be, and within how many metres of it they are. */
export interface Measured {
  readonly latitude: number;
  readonly longitude: number;
  readonly accuracyMetres: number;
}

export type Side = 'inside' | 'outside';

/**
 * On which side of the border somebody is for certain; undefined within the measurement's own uncertainty of it, so that
 * who sits at the border does not come and go all day. Pure.
 */
export function sideOf(shape: Shape, { latitude, longitude, accuracyMetres }: Measured): Side | undefined {
  const metres = metresInside(shape, { latitude, longitude });
  if (Math.abs(metres) < Math.max(accuracyMetres, ACCURACY_METRES_MIN)) return undefined;
  return metres >= 0 ? 'inside' : 'outside';
}

/** How far it is to the border: positive inside, negative outside. Pure. */
export function metresInside(shape: Shape, from: Coordinates): number {
  if (shape.type === 'circle') return shape.radiusMetres - Math.hypot(...onMapAround(from, shape.centre));
  const corners = shape.vertices.map((vertex) => onMapAround(from, vertex));
  const edges = corners.map((corner, i) => [corner, corners[(i + 1) % corners.length]!] as const);
  const toBorder = Math.min(...edges.map(([one, other]) => metresToEdge(one, other)));
  return holdsOrigin(edges) ? toBorder : -toBorder;
}

type OnMap = readonly [eastMetres: number, northMetres: number];

/** On a flat map with `around` in its middle: within a hundred kilometres of it wrong by less than a measurement is. */
function onMapAround(around: Coordinates, { latitude, longitude }: Coordinates): OnMap {
  const middle = radians((latitude + around.latitude) / 2);
  // The shorter way round.
  const degreesEast = ((((longitude - around.longitude + 180) % 360) + 360) % 360) - 180;
  return [EARTH_METRES * radians(degreesEast) * Math.cos(middle), EARTH_METRES * radians(latitude - around.latitude)];
}

const radians = (degrees: number): number => (degrees * Math.PI) / 180;

/** From the map's middle to the nearest point between two corners. */
function metresToEdge([x1, y1]: OnMap, [x2, y2]: OnMap): number {
  const [dx, dy] = [x2 - x1, y2 - y1];
  const squared = dx * dx + dy * dy;
  const along = squared === 0 ? 0 : Math.min(1, Math.max(0, -(x1 * dx + y1 * dy) / squared));
  return Math.hypot(x1 + along * dx, y1 + along * dy);
}

/** Whether a way east from the map's middle crosses the border an odd number of times. */
const holdsOrigin = (edges: readonly (readonly [OnMap, OnMap])[]): boolean =>
  edges.filter(([[x1, y1], [x2, y2]]) => y1 > 0 !== y2 > 0 && (x2 - x1) * (-y1 / (y2 - y1)) + x1 > 0).length % 2 === 1;

const isNear = (one: Coordinates, other: Coordinates): boolean =>
  Math.hypot(...onMapAround(one, other)) <= REACH_METRES_MAX;

/** Twice the area would do as well: whether there is any is asked (the shoelace formula). */
function areaOf(vertices: readonly Coordinates[]): number {
  const corners = vertices.map((vertex) => onMapAround(vertices[0]!, vertex));
  const doubled = corners.reduce((sum, [x, y], i) => {
    const [nextX, nextY] = corners[(i + 1) % corners.length]!;
    return sum + x * nextY - nextX * y;
  }, 0);
  return Math.abs(doubled) / 2;
}
