import type { RouteDeclaration } from './api.ts';

/** True when the route may take one more request now; by the token bucket that API Gateway documents. */
export type Throttle = (route: RouteDeclaration) => boolean;

interface Bucket {
  tokens: number;
  filledAt: number;
}

export function throttle(nowMilliseconds: () => number = () => performance.now()): Throttle {
  const buckets = new Map<RouteDeclaration, Bucket>();
  return (route) => {
    if (!route.throttle) return true;
    const { requestsPerSecond, burst } = route.throttle;
    const now = nowMilliseconds();
    const bucket = buckets.get(route) ?? { tokens: burst, filledAt: now };
    buckets.set(route, bucket);
    bucket.tokens = Math.min(burst, bucket.tokens + ((now - bucket.filledAt) / 1000) * requestsPerSecond);
    bucket.filledAt = now;
    if (bucket.tokens < 1) return false;
    bucket.tokens -= 1;
    return true;
  };
}
