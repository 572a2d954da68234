import { ACCOUNT_ID, REGION } from '../account.ts';

/** CloudFormation's pseudo parameters; `AWS::StackName` and `AWS::StackId` differ by stack. */
export function pseudoParameters(stackName: string): ReadonlyMap<string, unknown> {
  return new Map<string, unknown>([
    ['AWS::AccountId', ACCOUNT_ID],
    ['AWS::Region', REGION],
    ['AWS::Partition', 'aws'],
    ['AWS::URLSuffix', 'amazonaws.com'],
    ['AWS::StackName', stackName],
    ['AWS::StackId', `arn:aws:cloudformation:${REGION}:${ACCOUNT_ID}:stack/${stackName}/local`],
    ['AWS::NotificationARNs', []],
    ['AWS::NoValue', undefined],
  ]);
}
