import middy from '@middy/core';
import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import type { Call } from './call.ts';
import type { ApiContext, ApiResult } from './exchange.ts';
import { authenticate } from './middleware/authenticate.ts';
import { authorise } from './middleware/authorise.ts';
import { deprecation } from './middleware/deprecation.ts';
import { dispatch } from './middleware/dispatch.ts';
import { headersOnly } from './middleware/headers-only.ts';
import { matchRoute } from './middleware/match-route.ts';
import { defaultLog, observe } from './middleware/observe.ts';
import { preconditions } from './middleware/preconditions.ts';
import { problemDetails } from './middleware/problem-details.ts';
import { securityHeaders } from './middleware/security-headers.ts';
import { validate } from './middleware/validate.ts';
import { whileOpen } from './middleware/while-open.ts';
import type { HandlersFor, Routes } from './route.ts';
import type { Steps } from './steps.ts';

export interface ApiOptions {
  /** The address that callers use, without a slash at its end; problem types start with it. */
  readonly publicUrl: string;
  now(): Date;
  /** Closed while the service is being restored: then every request is answered 503. */
  readonly gate: { current(): Promise<{ readonly isOpen: boolean }> } | undefined;
  /** Takes one line of JSON per request; standard output by default. */
  log?(line: string): void;
}

/** A handler that takes too long is given up so early that the caller and the log still learn of it. */
const MILLISECONDS_FOR_THE_ANSWER = 100;

/**
 * A Lambda handler for the declared routes (HTTP API, payload 2.0). It always answers: an expected failure is thrown
 * as a `Problem`, anything else thrown is a bug and becomes a 500 without detail.
 */
export const api = <R extends Routes, C = Call>(
  routes: R,
  handlers: HandlersFor<R, C>,
  steps: Steps<C>,
  options: ApiOptions,
) =>
  middy<APIGatewayProxyEventV2, ApiResult, Error, ApiContext>({ timeoutEarlyInMillis: MILLISECONDS_FOR_THE_ANSWER })
    .use(observe({ now: options.now, log: options.log ?? defaultLog }))
    .use(securityHeaders())
    .use(deprecation(options))
    .use(headersOnly())
    .use(problemDetails(options))
    .use(matchRoute(routes))
    .use(whileOpen(options.gate))
    .use(authenticate(steps, options))
    .use(validate())
    .use(authorise(steps, options))
    .use(preconditions())
    .handler(dispatch(handlers, steps));
