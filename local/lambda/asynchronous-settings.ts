import type { CloudTemplate } from '../template/template.ts';
import type { AsynchronousSettings } from './invocation.ts';

interface ConfigProperties {
  readonly FunctionName: string;
  readonly MaximumRetryAttempts?: number;
  readonly DestinationConfig?: { readonly OnFailure?: { readonly Destination?: string } };
}

/** Lambda's own default (developer guide, "Asynchronous invocation"). */
export const ASYNCHRONOUS_RETRIES_MAX = 2;

/** How each function's asynchronous invocations are retried, by its name, from AWS::Lambda::EventInvokeConfig. */
export function asynchronousSettings(template: CloudTemplate): ReadonlyMap<string, AsynchronousSettings> {
  return new Map(
    template.ofType('AWS::Lambda::EventInvokeConfig').map(({ properties }) => {
      const { FunctionName, MaximumRetryAttempts, DestinationConfig } = properties as unknown as ConfigProperties;
      const name = FunctionName.split(':').at(FunctionName.startsWith('arn:') ? 6 : 0) ?? FunctionName;
      return [
        name,
        {
          retriesMax: MaximumRetryAttempts ?? ASYNCHRONOUS_RETRIES_MAX,
          onFailureArn: DestinationConfig?.OnFailure?.Destination,
        },
      ];
    }),
  );
}
