import { CfnApi } from 'aws-cdk-lib/aws-apigatewayv2';
import { Construct } from 'constructs';
import type { Stage } from '../stages.ts';

/**
 * The API without its routes. It stands with the data because its address does: mailed links carry it, and the function
 * that words the user pool's mails needs it before any route exists.
 */
export class ApiAddress extends Construct {
  readonly apiId: string;
  /** What links and contracts call the service: the stage's own address, or the API's endpoint. */
  readonly publicUrl: string;

  constructor(scope: Construct, id: string, { stage }: { stage: Stage }) {
    super(scope, id);
    const api = new CfnApi(this, 'Api', {
      name: `vern-${stage.name}`,
      protocolType: 'HTTP',
      corsConfiguration: {
        allowOrigins: [...stage.allowedOrigins],
        allowMethods: ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'],
        allowHeaders: [
          'accept-language',
          'authorization',
          'content-type',
          'idempotency-key',
          'if-match',
          'if-none-match',
          'vern-role',
        ],
        exposeHeaders: ['content-disposition', 'etag', 'location', 'retry-after'],
        // The token travels in a header; nothing of ours is a cookie.
        allowCredentials: false,
        maxAge: 600,
      },
    });
    this.apiId = api.ref;
    this.publicUrl = stage.publicUrl ?? api.attrApiEndpoint;
  }
}
