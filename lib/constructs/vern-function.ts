import { Duration, RemovalPolicy, type Stack, Validations } from 'aws-cdk-lib';
import { type PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { Key } from 'aws-cdk-lib/aws-kms';
import { Architecture, type Code, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import type { Stage } from '../stages.ts';

export interface VernFunctionProps {
  readonly stage: Stage;
  readonly name: string;
  readonly code: Code;
  readonly statements: readonly PolicyStatement[];
  readonly environment: Readonly<Record<string, string>>;
  readonly logsKey: Key;
  readonly timeoutSeconds: number;
  readonly memoryMegabytes: number;
  readonly concurrencyMax?: number;
}

/** The name of a function and of its role; the organisations' key knows the role by it. */
const functionName = (stage: Stage, name: string) => `vern-${stage.name}-${kebabCase(name)}`;

export function roleArn({ partition, account }: Stack, stage: Stage, name: string): string {
  return `arn:${partition}:iam::${account}:role/${functionName(stage, name)}`;
}

/** One deployed function with a role and a log group of its own: it may do what its declaration says and write its log. */
export class VernFunction extends Construct {
  readonly fn: LambdaFunction;

  constructor(scope: Construct, id: string, props: VernFunctionProps) {
    super(scope, id);
    const name = functionName(props.stage, props.name);
    const role = new Role(this, 'Role', {
      roleName: name,
      assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
    });
    // Nothing personal is written here (no bodies, no paths, no addresses), so it may go with the stack.
    const logGroup = new LogGroup(this, 'Log', {
      logGroupName: `/vern/${props.stage.name}/${kebabCase(props.name)}`,
      retention: RetentionDays.ONE_MONTH,
      encryptionKey: props.logsKey,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    logGroup.grantWrite(role);
    for (const statement of props.statements) role.addToPolicy(statement);
    if (props.statements.some(({ resources }) => resources.includes('*'))) {
      Validations.of(role).acknowledge({
        id: 'AwsSolutions-IAM5[Resource::*]',
        reason: 'These actions know no resource in IAM; each is named by its capability (`accountWide`)',
      });
    }
    this.fn = new LambdaFunction(this, 'Function', {
      functionName: name,
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      handler: 'index.handler',
      code: props.code,
      role,
      logGroup,
      memorySize: props.memoryMegabytes,
      timeout: Duration.seconds(props.timeoutSeconds),
      environment: props.environment,
      ...(props.concurrencyMax !== undefined && { reservedConcurrentExecutions: props.concurrencyMax }),
    });
    // A function may be called before its policy is attached; then its first requests would be refused.
    this.fn.node.addDependency(role);
  }
}

const kebabCase = (name: string) => name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
