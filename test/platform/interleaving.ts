import {
  BatchGetItemCommand,
  type DynamoDBClient,
  TransactionCanceledException,
  TransactWriteItemsCommand,
} from '@aws-sdk/client-dynamodb';
import type fc from 'fast-check';

/** What may go wrong between a caller and DynamoDB. */
export const faults = [
  /** Refused before it was done; the SDK tries again. */
  'throttled',
  /** Done, but the answer was lost; the SDK sends the same request again. */
  'answer-lost',
  /** Done, but no answer ever came: the caller learns that it does not know. */
  'timed-out',
  /** The same request arrives twice. */
  'doubled',
  /** Another transaction was at the same rows (nothing was done). */
  'conflict',
  /** BatchGet leaves all keys unprocessed. */
  'unprocessed',
] as const;
export type Fault = (typeof faults)[number] | 'none';

class TimedOut extends Error {
  override readonly name = 'TimeoutError';
}

/**
 * DynamoDB as seen by writers who do not wait for each other: the scheduler decides whose request arrives next and whose
 * answer comes back next. Requests are done one at a time, so that the order of what happened is known.
 */
export function reordered(use: {
  readonly client: Pick<DynamoDBClient, 'send'>;
  readonly scheduler: fc.Scheduler;
  nextFault(): Fault;
}) {
  let queue: Promise<unknown> = Promise.resolve();
  let happened = 0;

  function inTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = queue.then(work, work);
    queue = turn.catch(() => {});
    return turn;
  }
  const released = (label: string) => use.scheduler.schedule(Promise.resolve(), label);

  /** A client of one writer; told of every transaction at the moment in which it takes effect. */
  function clientOf(writer: string, onTransaction: (position: number) => void): Pick<DynamoDBClient, 'send'> {
    const perform = (command: object) =>
      inTurn(async () => {
        const before = happened;
        const answer = await use.client.send(command as never);
        // A repeated token answers again and does nothing.
        if (command instanceof TransactWriteItemsCommand && !tokens.has(tokenOf(command))) {
          tokens.add(tokenOf(command));
          happened = before + 1;
          onTransaction(happened);
        }
        return answer as object;
      });

    async function send(command: object): Promise<object> {
      const label = `${writer}: ${command.constructor.name}`;
      const fault = faultFor(command, use.nextFault());
      await released(label);
      if (fault === 'conflict') throw conflictOf(command as TransactWriteItemsCommand);
      if (fault === 'throttled') return send(command);
      if (fault === 'unprocessed')
        return { Responses: {}, UnprocessedKeys: (command as BatchGetItemCommand).input.RequestItems };
      const answer = await perform(command);
      await released(`${label}, the answer`);
      if (fault === 'timed-out') throw new TimedOut('no answer');
      if (fault === 'answer-lost' || fault === 'doubled') return perform(command);
      return answer;
    }
    return { send: send as unknown as DynamoDBClient['send'] };
  }

  const tokens = new Set<string>();
  return {
    clientOf,
    /** How many transactions have taken effect. */
    get position() {
      return happened;
    },
  };
}

const tokenOf = (command: TransactWriteItemsCommand) => command.input.ClientRequestToken ?? '';

function faultFor(command: object, fault: Fault): Fault {
  if (fault === 'conflict') return command instanceof TransactWriteItemsCommand ? fault : 'none';
  if (fault === 'unprocessed') return command instanceof BatchGetItemCommand ? fault : 'none';
  return fault;
}

const conflictOf = ({ input }: TransactWriteItemsCommand) =>
  new TransactionCanceledException({
    message: 'Transaction cancelled',
    $metadata: {},
    CancellationReasons: (input.TransactItems ?? []).map((_, i) => ({
      Code: i === 0 ? 'TransactionConflict' : 'None',
    })),
  });
