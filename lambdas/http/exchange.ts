import type { MiddlewareObj } from '@middy/core';
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2, Context } from 'aws-lambda';
import type { AccountCaller, DeviceCaller } from './call.ts';
import type { ProblemSlug } from './problem.ts';
import type { InputOf, Route } from './route.ts';
import type { Admission, Replay } from './steps.ts';

/** What the middlewares learn about one request, in the order in which they run. */
export class Exchange {
  readonly requestId: string;
  readonly startedAt: Date;
  constructor(requestId: string, startedAt: Date) {
    this.requestId = requestId;
    this.startedAt = startedAt;
  }

  /** Set by match route; before that the log line says `none`. */
  routeKey = 'none';
  routeId!: string;
  route!: Route;
  /** Set by authenticate, unless the route is for anyone. */
  account: AccountCaller | undefined;
  /** Set by authenticate on a route for devices. */
  device: DeviceCaller | undefined;
  /** Set by validate. */
  input!: InputOf<Route>;
  /** Set by validate: the body as canonical JSON, the part of a request that its idempotency key is bound to. */
  canonicalBody = '';
  /** Set by authorise. */
  admission!: Admission;
  call: unknown;
  replay: Replay | undefined;
  /** Set by problem details: which expected failure was answered, or the bug that was hidden from the caller. */
  problem: ProblemSlug | undefined;
  bug: Error | undefined;
}

export type ApiContext = Context & { exchange: Exchange };
export type ApiResult = APIGatewayProxyStructuredResultV2;
export type Step = MiddlewareObj<APIGatewayProxyEventV2, ApiResult, Error, ApiContext>;
