import type { CloudTemplate } from '../template/template.ts';
import { type AccessLogDeclaration, accessLogOf } from './access-log.ts';

/** One HTTP API as the template declares it. */
export interface ApiDeclaration {
  readonly apiId: string;
  readonly stage: string;
  readonly routes: readonly RouteDeclaration[];
  readonly cors: CorsDeclaration | undefined;
  readonly accessLog: AccessLogDeclaration | undefined;
}

export interface RouteDeclaration {
  /** `GET /v1/things/{thingId}`, `ANY /{proxy+}` or `$default`. */
  readonly routeKey: string;
  readonly functionArn: string;
  readonly timeoutMilliseconds: number;
  readonly authorizer: JwtAuthorizerDeclaration | undefined;
  readonly scopes: readonly string[];
  readonly throttle: ThrottleDeclaration | undefined;
}

export interface JwtAuthorizerDeclaration {
  readonly issuer: string;
  readonly audience: readonly string[];
  /** Lower-case name of the header that holds the token. */
  readonly header: string;
}

interface ThrottleDeclaration {
  readonly requestsPerSecond: number;
  readonly burst: number;
}

export interface CorsDeclaration {
  readonly origins: readonly string[];
  readonly methods: readonly string[];
  readonly headers: readonly string[];
  readonly exposedHeaders: readonly string[];
  readonly allowsCredentials: boolean;
  readonly maxAgeSeconds: number | undefined;
}

// API Gateway ends every integration after 30 s ("Quotas for HTTP APIs"); a template may only shorten that.
const INTEGRATION_MILLISECONDS_MAX = 30_000;

interface CorsProperties {
  readonly AllowOrigins?: readonly string[];
  readonly AllowMethods?: readonly string[];
  readonly AllowHeaders?: readonly string[];
  readonly ExposeHeaders?: readonly string[];
  readonly AllowCredentials?: boolean;
  readonly MaxAge?: number;
}
interface ThrottleProperties {
  readonly ThrottlingRateLimit?: number;
  readonly ThrottlingBurstLimit?: number;
}
interface StageProperties {
  readonly ApiId: string;
  readonly StageName: string;
  readonly AccessLogSettings?: { readonly DestinationArn?: string; readonly Format?: string };
  readonly DefaultRouteSettings?: ThrottleProperties;
  readonly RouteSettings?: Readonly<Record<string, ThrottleProperties>>;
}
interface RouteProperties {
  readonly ApiId: string;
  readonly RouteKey: string;
  readonly Target: string;
  readonly AuthorizationType?: string;
  readonly AuthorizerId?: string;
  readonly AuthorizationScopes?: readonly string[];
}
interface IntegrationProperties {
  readonly IntegrationType: string;
  readonly IntegrationUri: string;
  readonly PayloadFormatVersion?: string;
  readonly TimeoutInMillis?: number;
}
interface AuthorizerProperties {
  readonly AuthorizerType: string;
  readonly IdentitySource?: readonly string[];
  readonly JwtConfiguration?: { readonly Issuer?: string; readonly Audience?: readonly string[] };
}

/** The template's HTTP API, or nothing; throws for more than one, and for what the embedded gateway does not play. */
export function apiOf(template: CloudTemplate): ApiDeclaration | undefined {
  const apis = template.ofType('AWS::ApiGatewayV2::Api');
  if (apis.length > 1) throw new Error(`The embedded cloud serves one HTTP API, and the template has ${apis.length}`);
  const api = apis[0];
  if (!api) return undefined;
  const stages = template
    .ofType('AWS::ApiGatewayV2::Stage')
    .map(({ properties }) => properties as unknown as StageProperties);
  const stage = stages.find(({ ApiId }) => ApiId === api.physicalId);
  if (stage?.StageName !== '$default')
    throw new Error(`${api.logicalId}: the embedded gateway serves the $default stage alone`);
  const authorizers = authorizersOf(template);
  const integrations = integrationsOf(template);
  const routes = template
    .ofType('AWS::ApiGatewayV2::Route')
    .map(({ properties }) => properties as unknown as RouteProperties)
    .filter(({ ApiId }) => ApiId === api.physicalId)
    .map((route) => routeOf(route, stage, authorizers, integrations));
  return {
    apiId: api.physicalId,
    stage: stage.StageName,
    routes,
    cors: corsOf(api.properties['CorsConfiguration']),
    accessLog: accessLogOf(stage.AccessLogSettings, template),
  };
}

function routeOf(
  route: RouteProperties,
  stage: StageProperties,
  authorizers: ReadonlyMap<string, JwtAuthorizerDeclaration>,
  integrations: ReadonlyMap<string, IntegrationProperties>,
): RouteDeclaration {
  const type = route.AuthorizationType ?? 'NONE';
  if (type !== 'NONE' && type !== 'JWT')
    throw new Error(`${route.RouteKey}: the embedded gateway knows no ${type} authorisation`);
  const authorizer = type === 'JWT' ? authorizers.get(route.AuthorizerId ?? '') : undefined;
  if (type === 'JWT' && !authorizer) throw new Error(`${route.RouteKey}: its authorizer is not in the template`);
  const integration = integrations.get(route.Target.split('/').at(-1) ?? '');
  const functionArn = /arn:[^:]+:lambda:[^:]+:\d+:function:[^/]+/.exec(integration?.IntegrationUri ?? '')?.[0];
  if (integration?.IntegrationType !== 'AWS_PROXY' || integration.PayloadFormatVersion !== '2.0' || !functionArn) {
    throw new Error(`${route.RouteKey}: the embedded gateway serves Lambda integrations of payload format 2.0 alone`);
  }
  return {
    routeKey: route.RouteKey,
    functionArn,
    timeoutMilliseconds: Math.min(
      integration.TimeoutInMillis ?? INTEGRATION_MILLISECONDS_MAX,
      INTEGRATION_MILLISECONDS_MAX,
    ),
    authorizer,
    scopes: route.AuthorizationScopes ?? [],
    throttle: throttleOf({ ...stage.DefaultRouteSettings, ...stage.RouteSettings?.[route.RouteKey] }),
  };
}

function integrationsOf(template: CloudTemplate): ReadonlyMap<string, IntegrationProperties> {
  const integrations = template.ofType('AWS::ApiGatewayV2::Integration');
  return new Map(integrations.map((each) => [each.physicalId, each.properties as unknown as IntegrationProperties]));
}

function authorizersOf(template: CloudTemplate): ReadonlyMap<string, JwtAuthorizerDeclaration> {
  const authorizers = template.ofType('AWS::ApiGatewayV2::Authorizer');
  return new Map(
    authorizers.map(({ physicalId, logicalId, properties }) => {
      const { AuthorizerType, IdentitySource, JwtConfiguration } = properties as unknown as AuthorizerProperties;
      const header = /^\$request\.header\.([\w-]+)$/.exec(IdentitySource?.[0] ?? '')?.[1];
      if (AuthorizerType !== 'JWT' || !header || !JwtConfiguration?.Issuer) {
        throw new Error(`${logicalId}: the embedded gateway knows JWT authorizers that read a header, and no others`);
      }
      const { Issuer: issuer, Audience: audience = [] } = JwtConfiguration;
      return [physicalId, { issuer, audience, header: header.toLowerCase() }];
    }),
  );
}

function throttleOf({
  ThrottlingRateLimit,
  ThrottlingBurstLimit,
}: ThrottleProperties): ThrottleDeclaration | undefined {
  if (ThrottlingRateLimit === undefined || ThrottlingBurstLimit === undefined) return undefined;
  return { requestsPerSecond: ThrottlingRateLimit, burst: ThrottlingBurstLimit };
}

function corsOf(configuration: unknown): CorsDeclaration | undefined {
  if (!configuration) return undefined;
  const cors = configuration as CorsProperties;
  return {
    origins: cors.AllowOrigins ?? [],
    methods: cors.AllowMethods ?? [],
    headers: cors.AllowHeaders ?? [],
    exposedHeaders: cors.ExposeHeaders ?? [],
    allowsCredentials: cors.AllowCredentials ?? false,
    maxAgeSeconds: cors.MaxAge,
  };
}
