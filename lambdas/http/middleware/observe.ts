import { type ApiResult, Exchange, type Step } from '../exchange.ts';

const FRAMES_MAX = 12;
const CAUSES_MAX = 4;

/**
 * One line of JSON per request, which is its metrics too (CloudWatch's embedded metric format). No body, no path, no
 * address, no id of a person: the route's key says what was asked for.
 */
export function observe(options: { now(): Date; log(line: string): void }): Step {
  const conclude: Step['after'] = ({ context: { exchange }, response }) => {
    options.log(JSON.stringify(logLine(exchange, response?.statusCode ?? 500, options.now())));
  };
  return {
    before: ({ event, context }) => {
      context.exchange = new Exchange(event.requestContext.requestId, options.now());
    },
    after: conclude,
    onError: conclude,
  };
}

export const defaultLog = (line: string): void => {
  // Not console: Lambda's JSON format would wrap the line, and CloudWatch finds metrics at the root only.
  process.stdout.write(`${line}\n`);
};

function logLine(exchange: Exchange, status: NonNullable<ApiResult['statusCode']>, now: Date) {
  return {
    level: status >= 500 ? 'error' : 'info',
    requestId: exchange.requestId,
    route: exchange.routeKey,
    status,
    ...(exchange.problem && { problem: exchange.problem }),
    ...(exchange.bug && { error: describeBug(exchange.bug) }),
    durationMilliseconds: now.getTime() - exchange.startedAt.getTime(),
    requests: 1,
    clientErrors: status >= 400 && status < 500 ? 1 : 0,
    serverErrors: status >= 500 ? 1 : 0,
    _aws: {
      Timestamp: now.getTime(),
      CloudWatchMetrics: [
        {
          Namespace: 'Vern',
          Dimensions: [[], ['route']],
          Metrics: [
            { Name: 'durationMilliseconds', Unit: 'Milliseconds' },
            { Name: 'requests', Unit: 'Count' },
            { Name: 'clientErrors', Unit: 'Count' },
            { Name: 'serverErrors', Unit: 'Count' },
          ],
        },
      ],
    },
  };
}

interface BugDescription {
  readonly name: string;
  readonly frames: readonly string[];
  readonly cause?: BugDescription;
}

/** An error's name and where it was thrown; never its message, which may quote personal data. */
function describeBug(error: Error, depth = 1): BugDescription {
  return {
    name: /^[A-Za-z]\w{0,63}$/.test(error.name) ? error.name : 'Error',
    frames: framesOf(error),
    ...(error.cause instanceof Error && depth < CAUSES_MAX && { cause: describeBug(error.cause, depth + 1) }),
  };
}

/** The stack begins with the message, which may have many lines and may even look like frames: it is cut out first. */
const framesOf = (error: Error): string[] =>
  String(error.stack ?? '')
    .replace(error.message, '')
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => /^at .+:\d+:\d+\)?$/.test(line))
    .slice(0, FRAMES_MAX);
