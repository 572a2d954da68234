import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import {
  AdminCreateUserCommand,
  AdminSetUserPasswordCommand,
  CognitoIdentityProviderClient,
} from '@aws-sdk/client-cognito-identity-provider';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { buildSync } from 'esbuild';
import { describe, expect, it, onTestFinished } from 'vitest';
import { awsJson } from '../../../local/aws-json.ts';
import { startEmbeddedCloud } from '../../../local/embedded-cloud.ts';
import type { Endpoints } from '../../../local/endpoints.ts';
import { aFolder, aFunction, anAssembly, anHttpApi, aTable } from '../fixtures/assembly.ts';
import { aCloud, recordingHandler } from '../fixtures/cloud.ts';
import { recorded } from '../fixtures/recorded.ts';
import { signIn } from '../fixtures/sign-in.ts';

/** Bundled as the product's functions are. */
function bundled(contents: string): string {
  const { outputFiles } = buildSync({
    stdin: { contents, resolveDir: import.meta.dirname, loader: 'ts' },
    bundle: true,
    write: false,
    platform: 'node',
    target: 'node24',
    format: 'cjs',
    mainFields: ['module', 'main'],
    supported: { 'dynamic-import': false },
    logLevel: 'error',
  });
  return outputFiles[0]?.text ?? '';
}

const patiently = { timeout: 10_000 };

describe('a function of the product', () => {
  it("reaches every engine with the SDK's bare clients", async () => {
    const source = bundled("export { handler } from '../fixtures/functions/every-engine.ts';");
    const resources = {
      Core: aTable('core'),
      Key: { Type: 'AWS::KMS::Key', Properties: {} },
      Bucket: { Type: 'AWS::S3::Bucket', Properties: { BucketName: 'uploads' } },
      Queue: { Type: 'AWS::SQS::Queue', Properties: { QueueName: 'work' } },
      Pool: aPool,
      One: aFunction('one', {
        MemorySize: 512,
        Environment: {
          Variables: {
            CORE_TABLE: { Ref: 'Core' },
            KEY_ID: { Ref: 'Key' },
            BUCKET: { Ref: 'Bucket' },
            QUEUE_URL: { Ref: 'Queue' },
            POOL: { Ref: 'Pool' },
          },
        },
      }),
    };
    const cloud = await aCloud({ resources }, { one: source });
    const { functionError, payload } = await cloud.invoke('One', {});
    expect([functionError, payload]).toEqual([undefined, expect.anything()]);
    const result = JSON.parse(payload);
    expect(result).toMatchObject({
      Item: { pk: { S: 'a' } },
      plaintext: 32,
      object: 'kept',
      MessageId: expect.any(String),
      missing: 'UserNotFoundException',
    });
    // What a function signs for somebody else must work from outside, too.
    const form = new FormData();
    for (const [name, value] of Object.entries<string>(result.post.fields)) form.set(name, value);
    form.set('file', new Blob(['12345']));
    expect((await fetch(result.post.url, { method: 'POST', body: form })).status).toBe(204);
    const messages = (await (await fetch(`${cloud.endpoints.mailbox}/messages`)).json()) as object[];
    expect(messages).toMatchObject([{ subject: 'Hei' }]);
    const onPhones = (await (await fetch(`${cloud.endpoints.mailbox}/phones`)).json()) as object[];
    expect(onPhones).toMatchObject([{ id: result.smsId, channel: 'sms', to: '+4790000001', text: 'Hei' }]);
  });

  it("is invoked through Lambda's own API, now or later", async () => {
    const file = join(aFolder(), 'events');
    const resources = { One: aFunction('one', { Environment: { Variables: { FILE: file } } }), Bad: aFunction('bad') };
    const cloud = await aCloud(
      { resources },
      { one: recordingHandler(), bad: 'exports.handler = async () => { throw new Error("no"); };' },
    );
    const { lambda, accessKeyId, secretAccessKey } = cloud.endpoints;
    const client = new LambdaClient({
      endpoint: lambda,
      region: 'eu-west-1',
      credentials: { accessKeyId, secretAccessKey },
    });
    const invoke = async (FunctionName: string, InvocationType: 'Event' | 'RequestResponse', Payload = '{"a":1}') => {
      const answer = await client.send(new InvokeCommand({ FunctionName, InvocationType, Payload }));
      return [answer.StatusCode, answer.FunctionError, Buffer.from(answer.Payload ?? []).toString()];
    };
    expect(await invoke('one', 'RequestResponse')).toEqual([200, undefined, 'null']);
    expect(await invoke('arn:aws:lambda:eu-west-1:000000000000:function:one', 'Event', '{"b":2}')).toEqual([
      202,
      undefined,
      '',
    ]);
    await expect.poll(() => recorded(file), patiently).toEqual([{ a: 1 }, { b: 2 }]);
    expect(await invoke('bad', 'RequestResponse')).toEqual([
      200,
      'Unhandled',
      expect.stringContaining('"errorMessage":"no"'),
    ]);
    await expect(invoke('nobody', 'RequestResponse')).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
  });

  it('is run after the next start for an event that a stopped cloud had taken', async () => {
    const [file, stateDir] = [join(aFolder(), 'events'), aFolder()];
    const resources = { One: aFunction('one', { Environment: { Variables: { FILE: file } } }) };
    const failing = anAssembly([{ resources }], {
      one: 'exports.handler = async () => { throw new Error("not yet"); };',
    });
    const before = await startEmbeddedCloud({ outdir: failing, stateDir });
    const url = `${before.endpoints.lambda}/2015-03-31/functions/one/invocations`;
    const taken = await fetch(url, { method: 'POST', headers: { 'x-amz-invocation-type': 'Event' }, body: '{"a":1}' });
    expect(taken.status).toBe(202);
    await before.close();
    await aCloud({ resources }, { one: recordingHandler() }, stateDir);
    await expect.poll(() => recorded(file), patiently).toEqual([{ a: 1 }]);
  });

  it('that failed for good leaves its event where the template says', async () => {
    const resources = {
      Dead: { Type: 'AWS::SQS::Queue', Properties: { QueueName: 'dead' } },
      Bad: aFunction('bad'),
      Later: {
        Type: 'AWS::Lambda::EventInvokeConfig',
        Properties: {
          FunctionName: { Ref: 'Bad' },
          Qualifier: '$LATEST',
          MaximumRetryAttempts: 0,
          DestinationConfig: { OnFailure: { Destination: { 'Fn::GetAtt': ['Dead', 'Arn'] } } },
        },
      },
    };
    const cloud = await aCloud({ resources }, { bad: 'exports.handler = async () => { throw new Error("no"); };' });
    const { lambda, sqs, accessKeyId, secretAccessKey } = cloud.endpoints;
    const client = new LambdaClient({
      endpoint: lambda,
      region: 'eu-west-1',
      credentials: { accessKeyId, secretAccessKey },
    });
    await client.send(new InvokeCommand({ FunctionName: 'bad', InvocationType: 'Event', Payload: '{"a":1}' }));
    const answer = await awsJson(sqs, 'sqs')('AmazonSQS.ReceiveMessage', {
      QueueUrl: `${sqs}/000000000000/dead`,
      WaitTimeSeconds: 10,
    });
    const [{ Body = '' } = {}] = answer['Messages'] as { Body: string }[];
    expect(JSON.parse(Body)).toMatchObject({
      requestContext: { condition: 'RetriesExhausted', approximateInvokeCount: 1 },
      requestPayload: { a: 1 },
    });
  });
});

const aPool = {
  Type: 'AWS::Cognito::UserPool',
  Properties: {
    UsernameAttributes: ['email'],
    AdminCreateUserConfig: { AllowAdminCreateUserOnly: true },
    UsernameConfiguration: { CaseSensitive: false },
  },
};

describe('the API behind a JWT authorizer', () => {
  it('lets in who signed in at the embedded Cognito, whose tokens functions verify as they do at AWS', async () => {
    const source = bundled(`
      import { CognitoJwtVerifier } from 'aws-jwt-verify';
      const verifier = CognitoJwtVerifier.create({ userPoolId: process.env.POOL, clientId: process.env.CLIENT, tokenUse: 'access' });
      export async function handler(event) {
        const { sub } = await verifier.verify(event.headers.authorization.slice('Bearer '.length));
        return { sub, claims: event.requestContext.authorizer.jwt.claims };
      }`);
    const api = anHttpApi('One', ['GET /me']);
    const resources = {
      Pool: aPool,
      Client: {
        Type: 'AWS::Cognito::UserPoolClient',
        Properties: {
          UserPoolId: { Ref: 'Pool' },
          ExplicitAuthFlows: ['ALLOW_USER_SRP_AUTH', 'ALLOW_REFRESH_TOKEN_AUTH'],
        },
      },
      One: aFunction('one', { Environment: { Variables: { POOL: { Ref: 'Pool' }, CLIENT: { Ref: 'Client' } } } }),
      ...api,
      Route0: {
        Type: 'AWS::ApiGatewayV2::Route',
        Properties: {
          ApiId: { Ref: 'Api' },
          RouteKey: 'GET /me',
          Target: { 'Fn::Join': ['', ['integrations/', { Ref: 'Integration' }]] },
          AuthorizationType: 'JWT',
          AuthorizerId: { Ref: 'SignedIn' },
        },
      },
      SignedIn: {
        Type: 'AWS::ApiGatewayV2::Authorizer',
        Properties: {
          ApiId: { Ref: 'Api' },
          AuthorizerType: 'JWT',
          IdentitySource: ['$request.header.Authorization'],
          JwtConfiguration: { Issuer: { 'Fn::GetAtt': ['Pool', 'ProviderURL'] }, Audience: [{ Ref: 'Client' }] },
        },
      },
    };
    const cloud = await aCloud({ resources }, { one: source });
    const { endpoints } = cloud;
    const { cognito, userPoolId: UserPoolId, accessKeyId, secretAccessKey } = endpoints;
    const admin = new CognitoIdentityProviderClient({
      endpoint: cognito,
      region: 'eu-west-1',
      credentials: { accessKeyId, secretAccessKey },
    });
    const Username = 'kari@vern.example';
    await admin.send(
      new AdminCreateUserCommand({
        UserPoolId,
        Username,
        UserAttributes: [
          { Name: 'email', Value: Username },
          { Name: 'email_verified', Value: 'true' },
        ],
        MessageAction: 'SUPPRESS',
      }),
    );
    await admin.send(
      new AdminSetUserPasswordCommand({ UserPoolId, Username, Password: 'Long-enough-1', Permanent: true }),
    );
    const { accessToken, idToken } = await signIn(endpoints, Username, 'Long-enough-1');

    const get = async (authorization?: string) => {
      const response = await fetch(`${endpoints.api}/me`, authorization ? { headers: { authorization } } : {});
      return {
        status: response.status,
        challenge: response.headers.get('www-authenticate'),
        body: await response.json(),
      };
    };
    const allowed = await get(`Bearer ${accessToken}`);
    expect(allowed).toMatchObject({
      status: 200,
      body: { claims: { token_use: 'access', client_id: endpoints.clientId, exp: expect.stringMatching(/^\d+$/) } },
    });
    const { sub, claims } = allowed.body as { sub: string; claims: { sub: string } };
    expect(sub).toBe(claims.sub);
    expect(await get()).toMatchObject({ status: 401, challenge: 'Bearer', body: { message: 'Unauthorized' } });
    expect(await get(`Bearer ${accessToken.slice(0, -8)}AAAAAAAA`)).toMatchObject({
      status: 401,
      body: { message: 'Unauthorized' },
    });
    // The gateway takes an ID token, as at AWS; the function's own check does not.
    expect(await get(`Bearer ${idToken}`)).toMatchObject({ status: 500 });
    cloud.clock.advance('P1D');
    expect(await get(`Bearer ${accessToken}`)).toMatchObject({ status: 401 });
  });
});

describe('a killed cloud', () => {
  it('has every acknowledged write after its next start, and runs the events that nobody had taken', async () => {
    const [file, stateDir] = [join(aFolder(), 'events'), aFolder()];
    const resources = {
      Core: aTable('core', { StreamSpecification: { StreamViewType: 'KEYS_ONLY' } }),
      Writer: aFunction('writer', { Environment: { Variables: { CORE_TABLE: { Ref: 'Core' } } } }),
      Watcher: aFunction('watcher', { Environment: { Variables: { FILE: file } } }),
      Mapping: {
        Type: 'AWS::Lambda::EventSourceMapping',
        Properties: {
          FunctionName: { Ref: 'Watcher' },
          EventSourceArn: { 'Fn::GetAtt': ['Core', 'StreamArn'] },
          StartingPosition: 'TRIM_HORIZON',
        },
      },
      ...anHttpApi('Writer', ['PUT /{name}']),
    };
    const writer = bundled(`
      import { DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
      const dynamo = new DynamoDBClient({});
      export async function handler({ pathParameters: { name } }) {
        await dynamo.send(new PutItemCommand({ TableName: process.env.CORE_TABLE, Item: { pk: { S: 'p' }, sk: { S: name } } }));
        return { statusCode: 204 };
      }`);
    const outdir = anAssembly([{ resources }], { writer, watcher: recordingHandler() });
    const owner = fork(join(import.meta.dirname, '../fixtures/cloud-owner.ts'), [outdir, stateDir]);
    const exited = once(owner, 'exit');
    const [{ api }] = (await once(owner, 'message')) as [Endpoints];
    await expect(startEmbeddedCloud({ outdir, stateDir })).rejects.toThrow('Another embedded cloud runs');

    const acknowledged: string[] = [];
    const write = async (name: string) => {
      const response = await fetch(`${api}/${name}`, { method: 'PUT' }).catch(() => undefined);
      if (response?.status === 204) acknowledged.push(name);
      if (acknowledged.length === 50) owner.kill('SIGKILL');
    };
    await Promise.all(Array.from({ length: 200 }, (_, index) => write(`n${index}`)));
    await exited;
    expect(acknowledged.length).toBeGreaterThanOrEqual(50);
    expect(acknowledged.length).toBeLessThan(200);

    const cloud = await startEmbeddedCloud({ outdir, stateDir });
    onTestFinished(() => cloud.close());
    const { Items } = await awsJson(cloud.endpoints.dynamodb, 'dynamodb')('DynamoDB_20120810.Scan', {
      TableName: 'core',
    });
    const kept = (Items as { sk: { S: string } }[]).map(({ sk }) => sk.S);
    expect(kept).toEqual(expect.arrayContaining(acknowledged));
    type Streamed = { Records: { dynamodb: { Keys: { sk: { S: string } } } }[] };
    const heard = () =>
      recorded<Streamed>(file).flatMap(({ Records }) => Records.map(({ dynamodb }) => dynamodb.Keys.sk.S));
    await expect.poll(() => [...new Set(heard())].sort(), patiently).toEqual(kept.toSorted());
  });
});
