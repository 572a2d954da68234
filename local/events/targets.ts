import type { Invoker } from '../lambda/invocation.ts';
import type { Messaging } from '../messaging/messaging.ts';

/** Hands an event to a function, queue or topic, at least once. */
export type DeliverTo = (arn: string, event: string) => Promise<void>;

export function deliverer(invoker: Invoker, messaging: Messaging): DeliverTo {
  return async (arn, event) => {
    if (arn.split(':')[2] === 'lambda') invoker.invokeLater(arn, event);
    else await messaging.send(arn, event);
  };
}

/** Throws for a target that the embedded cloud cannot reach, when it starts rather than when the event comes. */
export function assertReachable(arn: string, who: string, invoker: Invoker): void {
  const service = arn.split(':')[2];
  if (service === 'lambda' && invoker.find(arn)) return;
  if (service === 'sqs' || service === 'sns') return;
  throw new Error(`${who}: the embedded cloud cannot deliver to ${arn}`);
}
