import { join } from 'node:path';
import {
  CreateTableCommand,
  DeleteTableCommand,
  DescribeTableCommand,
  UpdateTableCommand,
} from '@aws-sdk/client-dynamodb';
import {
  CreateEventSourceMappingCommand,
  DeleteEventSourceMappingCommand,
  GetEventSourceMappingCommand,
  LambdaClient,
  ListEventSourceMappingsCommand,
  UpdateEventSourceMappingCommand,
} from '@aws-sdk/client-lambda';
import { describe, expect, it, vi } from 'vitest';
import { type EmbeddedCloud, startEmbeddedCloud } from '../../../local/embedded-cloud.ts';
import { clientsOf, keys } from '../dynamodb/copies.ts';
import { aFolder, aFunction, anAssembly, aTable } from '../fixtures/assembly.ts';
import { aCloud, recordingHandler } from '../fixtures/cloud.ts';
import { recorded } from '../fixtures/recorded.ts';

interface StreamEvent {
  readonly Records: readonly {
    readonly eventName: string;
    readonly eventSourceARN: string;
    readonly dynamodb: { readonly Keys: { readonly sk: { readonly S: string } } };
  }[];
}

const patiently = { timeout: 20_000 };
const code = { watcher: recordingHandler() };
const stackWith = (file: string, tableName = 'core') => ({
  resources: {
    Core: aTable(tableName, { StreamSpecification: { StreamViewType: 'NEW_IMAGE' } }),
    Watcher: aFunction('watcher', { Environment: { Variables: { FILE: file } } }),
    Mapping: {
      Type: 'AWS::Lambda::EventSourceMapping',
      Properties: {
        FunctionName: { Ref: 'Watcher' },
        EventSourceArn: { 'Fn::GetAtt': ['Core', 'StreamArn'] },
        StartingPosition: 'TRIM_HORIZON',
        FilterCriteria: { Filters: [{ Pattern: '{"eventName":["INSERT","REMOVE"]}' }] },
      },
    },
  },
});

const seen = (file: string) =>
  recorded<StreamEvent>(file).flatMap(({ Records }) =>
    Records.map(({ eventName, dynamodb }) => `${eventName} ${dynamodb.Keys.sk.S}`),
  );

function operator(cloud: EmbeddedCloud) {
  const { lambda, accessKeyId, secretAccessKey } = cloud.endpoints;
  const client = new LambdaClient({
    endpoint: lambda,
    region: 'eu-west-1',
    credentials: { accessKeyId, secretAccessKey },
    maxAttempts: 1,
  });
  const { tables, put } = clientsOf(cloud);
  return {
    client,
    tables,
    put,
    list: async () => (await client.send(new ListEventSourceMappingsCommand({}))).EventSourceMappings ?? [],
    streamOf: async (TableName: string) =>
      (await tables.send(new DescribeTableCommand({ TableName }))).Table?.LatestStreamArn ?? '',
    newGeneration: () =>
      tables.send(
        new CreateTableCommand({
          TableName: 'core-g2',
          ...keys,
          KeySchema: [...keys.KeySchema],
          AttributeDefinitions: [...keys.AttributeDefinitions],
          StreamSpecification: { StreamEnabled: true, StreamViewType: 'NEW_IMAGE' },
        }),
      ),
  };
}

describe('event source mappings over the API', () => {
  it("copied from the template's to a later table bring that table's changes, also after a restart", async () => {
    const [file, stateDir] = [join(aFolder(), 'events'), aFolder()];
    const outdir = anAssembly([stackWith(file)], code);
    const before = await startEmbeddedCloud({ outdir, stateDir });
    const { client, list, newGeneration, put, streamOf } = operator(before);
    const [declared] = await list();
    expect(declared).toMatchObject({
      EventSourceArn: await streamOf('core'),
      FunctionArn: 'arn:aws:lambda:eu-west-1:000000000000:function:watcher',
      State: 'Enabled',
      BatchSize: 100,
      FilterCriteria: { Filters: [{ Pattern: '{"eventName":["INSERT","REMOVE"]}' }] },
    });
    await newGeneration();
    const EventSourceArn = await streamOf('core-g2');
    expect(EventSourceArn).toMatch(/^arn:aws:dynamodb:eu-west-1:000000000000:table\/core-g2\/stream\//);
    const copy = {
      FunctionName: 'watcher',
      EventSourceArn,
      StartingPosition: 'TRIM_HORIZON',
      FilterCriteria: declared?.FilterCriteria,
    } as const;
    await put('core-g2', 'a');
    const created = await client.send(new CreateEventSourceMappingCommand(copy));
    expect(created).toMatchObject({ State: 'Creating', UUID: expect.any(String), LastModified: expect.any(Date) });
    await expect.poll(() => seen(file), patiently).toEqual(['INSERT a']);
    expect(recorded<StreamEvent>(file)[0]?.Records[0]?.eventSourceARN).toBe(EventSourceArn);
    await expect(client.send(new CreateEventSourceMappingCommand(copy))).rejects.toMatchObject({
      name: 'ResourceConflictException',
    });
    await before.close();

    const after = operator(await aCloud(stackWith(file), code, stateDir));
    expect((await after.list()).map(({ UUID }) => UUID).sort()).toEqual([created.UUID, declared?.UUID].sort());
    await after.put('core-g2', 'a', { changed: { BOOL: true } });
    await after.put('core-g2', 'b');
    await expect.poll(() => [...new Set(seen(file))], patiently).toEqual(['INSERT a', 'INSERT b']);
  });

  it('that the template has caught up with are there once', async () => {
    const [file, stateDir] = [join(aFolder(), 'events'), aFolder()];
    const before = await startEmbeddedCloud({ outdir: anAssembly([stackWith(file)], code), stateDir });
    const { client, newGeneration, put, streamOf } = operator(before);
    await newGeneration();
    const EventSourceArn = await streamOf('core-g2');
    const { UUID } = await client.send(
      new CreateEventSourceMappingCommand({
        FunctionName: 'watcher',
        EventSourceArn,
        StartingPosition: 'TRIM_HORIZON',
      }),
    );
    await put('core-g2', 'a');
    await expect.poll(() => seen(file), patiently).toEqual(['INSERT a']);
    await before.close();
    const after = operator(await aCloud(stackWith(file, 'core-g2'), code, stateDir));
    expect((await after.list()).map((mapping) => mapping.UUID)).toEqual([UUID]);
    await after.put('core-g2', 'b');
    await expect.poll(() => seen(file), patiently).toEqual(['INSERT a', 'INSERT b']);
  });

  it('that are removed bring nothing more, also after a restart', async () => {
    const [file, stateDir] = [join(aFolder(), 'events'), aFolder()];
    const outdir = anAssembly([stackWith(file)], code);
    const before = await startEmbeddedCloud({ outdir, stateDir });
    const { client, list, put } = operator(before);
    await put('core', 'a');
    await expect.poll(() => seen(file), patiently).toEqual(['INSERT a']);
    const UUID = (await list())[0]?.UUID;
    expect(await client.send(new DeleteEventSourceMappingCommand({ UUID }))).toMatchObject({ State: 'Deleting' });
    await expect(client.send(new GetEventSourceMappingCommand({ UUID }))).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
    });
    await before.close();
    const after = operator(await aCloud(stackWith(file), code, stateDir));
    expect(await after.list()).toEqual([]);
    // A second mapping shows that what it brings is all that comes.
    const EventSourceArn = await after.streamOf('core');
    await after.put('core', 'b');
    await after.client.send(
      new CreateEventSourceMappingCommand({ FunctionName: 'watcher', EventSourceArn, StartingPosition: 'LATEST' }),
    );
    await expect
      .poll(async () => {
        await after.put('core', `c${recorded(file).length}`);
        return seen(file).some((each) => each.includes(' c'));
      }, patiently)
      .toBe(true);
    expect(seen(file)).not.toContain('INSERT b');
  });

  it('that are switched off wait, and go on where they were', async () => {
    const file = join(aFolder(), 'events');
    const { client, list, put } = operator(await aCloud(stackWith(file), code));
    await put('core', 'a');
    await expect.poll(() => seen(file), patiently).toEqual(['INSERT a']);
    const UUID = (await list())[0]?.UUID;
    const turn = (Enabled: boolean) => client.send(new UpdateEventSourceMappingCommand({ UUID, Enabled }));
    await turn(false);
    expect(await client.send(new GetEventSourceMappingCommand({ UUID }))).toMatchObject({ State: 'Disabled' });
    await put('core', 'b');
    await turn(true);
    await expect.poll(() => seen(file), patiently).toEqual(['INSERT a', 'INSERT b']);
  });

  it('whose table is gone go quiet', async () => {
    const file = join(aFolder(), 'events');
    const complaints = vi.spyOn(console, 'error');
    const { tables, list, put, newGeneration } = operator(await aCloud(stackWith(file), code));
    await put('core', 'a');
    await expect.poll(() => seen(file), patiently).toEqual(['INSERT a']);
    await tables.send(new UpdateTableCommand({ TableName: 'core', DeletionProtectionEnabled: false }));
    await tables.send(new DeleteTableCommand({ TableName: 'core' }));
    await newGeneration();
    await put('core-g2', 'b');
    expect(await list()).toMatchObject([{ State: 'Enabled' }]);
    await new Promise((done) => setTimeout(done, 500));
    expect(complaints).not.toHaveBeenCalled();
    expect(seen(file)).toEqual(['INSERT a']);
    complaints.mockRestore();
  });

  it('are refused for what there is not', async () => {
    const { client } = operator(await aCloud(stackWith(join(aFolder(), 'events')), code));
    const stream = (table: string) =>
      `arn:aws:dynamodb:eu-west-1:000000000000:table/${table}/stream/2026-01-01T00:00:00.000`;
    const create = (more: object) =>
      client.send(
        new CreateEventSourceMappingCommand({
          FunctionName: 'watcher',
          EventSourceArn: stream('core'),
          StartingPosition: 'LATEST',
          ...more,
        }),
      );
    const invalid = { name: 'InvalidParameterValueException' };
    await expect(create({})).rejects.toMatchObject(invalid);
    await expect(create({ EventSourceArn: stream('nothing') })).rejects.toMatchObject(invalid);
    await expect(create({ StartingPosition: 'AT_TIMESTAMP' })).rejects.toMatchObject(invalid);
    await expect(create({ FunctionName: 'nobody' })).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
    const Filters = [{ Pattern: 'no JSON' }];
    await expect(create({ FilterCriteria: { Filters } })).rejects.toMatchObject(invalid);
  });
});
