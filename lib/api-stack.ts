import { RemovalPolicy, Stack, type StackProps, Validations } from 'aws-cdk-lib';
import { CfnAuthorizer, CfnIntegration, CfnRoute, CfnStage } from 'aws-cdk-lib/aws-apigatewayv2';
import { CfnPermission, type Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { LogGroup, type RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import { terms } from '../lambdas/features/retention/terms.ts';
import type { ApiFunction } from '../lambdas/functions/catalogue.ts';
import type { Route } from '../lambdas/http/route.ts';
import { isOpenAtGateway } from '../lambdas/http/route-facts.ts';
import { type Catalogue, needsOfApiFunction } from './catalogue.ts';
import type { Bundles } from './constructs/bundles.ts';
import { gatewayRoutes, type SharedPaths, sharedPaths } from './constructs/gateway-routes.ts';
import { permissionsFor } from './constructs/permissions.ts';
import { VernFunction } from './constructs/vern-function.ts';
import type { DataStack } from './data-stack.ts';
import { inboundMailDomain } from './mail-dns.ts';
import type { Stage } from './stages.ts';

export interface ApiStackProps extends StackProps {
  readonly stage: Stage;
  readonly catalogue: Catalogue;
  readonly bundles: Bundles;
  readonly data: DataStack;
}

/** For the whole API; what one client may ask for is decided in our code. */
const REQUESTS_PER_SECOND_MAX = 200;
const REQUESTS_BURST_MAX = 400;

/** The gateway itself gives up after 30. */
const TIMEOUT_SECONDS = 10;

/** One request's line in the web log (KP-02). The route's key, never the path: a path may carry a link's token. */
const webLogLine = {
  requestId: '$context.requestId',
  time: '$context.requestTimeEpoch',
  ip: '$context.identity.sourceIp',
  method: '$context.httpMethod',
  route: '$context.routeKey',
  status: '$context.status',
  bytes: '$context.responseLength',
  milliseconds: '$context.responseLatency',
  gatewayError: '$context.error.responseType',
  integrationError: '$context.integrationErrorMessage',
};

/** The declared API functions and their routes. */
export class ApiStack extends Stack {
  readonly functions: ReadonlyMap<string, LambdaFunction>;
  readonly #data: DataStack;
  readonly #authorizerId: string;
  readonly #sharedPaths: SharedPaths;
  readonly #limits: { route: CfnRoute; limit: NonNullable<Route['limit']> }[] = [];

  constructor(scope: Construct, id: string, { stage, catalogue, bundles, data, ...props }: ApiStackProps) {
    super(scope, id, props);
    this.#data = data;
    this.#sharedPaths = sharedPaths(catalogue);
    this.#authorizerId = new CfnAuthorizer(this, 'SignedIn', {
      apiId: data.api.apiId,
      name: 'signed-in',
      authorizerType: 'JWT',
      identitySource: ['$request.header.Authorization'],
      jwtConfiguration: {
        issuer: data.signIn.userPool.userPoolProviderUrl,
        audience: [data.signIn.client, data.signIn.integrations].map((client) => client.userPoolClientId),
      },
    }).ref;

    const functions = new Map<string, LambdaFunction>();
    for (const [name, declared] of Object.entries(catalogue.apiFunctions)) {
      const fn = this.#function(name, declared, stage, bundles);
      this.#addRoutes(name, fn, Object.entries<Route>(declared.routes));
      functions.set(name, fn);
    }
    this.functions = functions;
    this.#addStage(stage);
  }

  #function(name: string, declared: ApiFunction, stage: Stage, bundles: Bundles): LambdaFunction {
    const { statements, environment } = permissionsFor(needsOfApiFunction(declared), this.#data);
    const { userPool, client, integrations } = this.#data.signIn;
    const { fn } = new VernFunction(this, name, {
      stage,
      name,
      code: bundles(name),
      statements,
      environment: {
        STAGE: stage.name,
        PUBLIC_URL: this.#data.api.publicUrl,
        INBOUND_MAIL_DOMAIN: inboundMailDomain(stage),
        // Every function verifies tokens itself: the gateway takes ID tokens too, and sees no revocation.
        USER_POOL_ID: userPool.userPoolId,
        USER_POOL_CLIENT_ID: client.userPoolClientId,
        USER_POOL_INTEGRATIONS_CLIENT_ID: integrations.userPoolClientId,
        ...environment,
      },
      logsKey: this.#data.encryption.operations,
      timeoutSeconds: declared.timeoutSeconds ?? TIMEOUT_SECONDS,
      memoryMegabytes: 1024,
    });
    return fn;
  }

  #addRoutes(name: string, fn: LambdaFunction, routes: readonly (readonly [string, Route])[]) {
    const { apiId } = this.#data.api;
    const integration = new CfnIntegration(this, `${name}Integration`, {
      apiId,
      integrationType: 'AWS_PROXY',
      integrationUri: fn.functionArn,
      payloadFormatVersion: '2.0',
    });
    // One for all routes of the function: one each would pass the size of a function's policy at about 30.
    new CfnPermission(this, `${name}Permission`, {
      action: 'lambda:InvokeFunction',
      functionName: fn.functionArn,
      principal: 'apigateway.amazonaws.com',
      sourceArn: this.formatArn({ service: 'execute-api', resource: apiId, resourceName: '*/*' }),
    });
    for (const { key, routeKey, routes: same } of gatewayRoutes(name, routes, this.#sharedPaths)) {
      const [[routeId, { access, limit }]] = same;
      const open = isOpenAtGateway(access);
      const route = new CfnRoute(this, `${name}Route-${key}`, {
        apiId,
        routeKey,
        target: `integrations/${integration.ref}`,
        ...(open ? { authorizationType: 'NONE' } : { authorizationType: 'JWT', authorizerId: this.#authorizerId }),
      });
      if (limit) this.#limits.push({ route, limit });
      if (!open) continue;
      const reason =
        access.to === 'device' ? `${routeId} is signed by the device` : `${routeId} is declared for anyone`;
      Validations.of(route).acknowledge({ id: 'AwsSolutions-APIG4', reason });
    }
  }

  #addStage(stage: Stage) {
    const webLog = new LogGroup(this, 'WebLog', {
      logGroupName: `/vern/${stage.name}/web-log`,
      retention: terms['web-log'].length.days satisfies RetentionDays,
      encryptionKey: this.#data.encryption.operations,
      // IP addresses must not outlive their term because a stack was deleted.
      removalPolicy: RemovalPolicy.DESTROY,
    });
    const deployed = new CfnStage(this, 'Stage', {
      apiId: this.#data.api.apiId,
      stageName: '$default',
      autoDeploy: true,
      accessLogSettings: { destinationArn: webLog.logGroupArn, format: JSON.stringify(webLogLine) },
      defaultRouteSettings: {
        throttlingRateLimit: REQUESTS_PER_SECOND_MAX,
        throttlingBurstLimit: REQUESTS_BURST_MAX,
      },
      routeSettings: Object.fromEntries(
        this.#limits.map(({ route, limit }) => [
          route.routeKey,
          { ThrottlingRateLimit: limit.perSecond, ThrottlingBurstLimit: limit.burst },
        ]),
      ),
    });
    // A stage that limits a route which is not there yet does not deploy.
    for (const { route } of this.#limits) deployed.node.addDependency(route);
  }
}
