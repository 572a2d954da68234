import type { CreateTableCommandInput, DynamoDBClient, ImportTableCommandInput } from '@aws-sdk/client-dynamodb';
import { beforeAll, describe, expect, it } from 'vitest';
import type { TableNames } from '../../lambdas/platform/gate.ts';
import { tableGenerations, tableNamesAt } from '../../lambdas/platform/table-generations.ts';
import { type TableDeclaration, type TableName, tables } from '../../lambdas/platform/tables.ts';
import { stageNamed } from '../../lib/stages.ts';
import type { Resource } from '../../local/template/template.ts';
import { fixtureCatalogue } from '../lib/fixtures/catalogue.ts';
import { synthesise } from '../lib/synthesise.ts';
import { replicaOf, type Synthesised } from '../lib/synthesised.ts';

const declared = Object.entries<TableDeclaration>(tables) as [TableName, TableDeclaration][];
const names = Object.fromEntries(
  declared.map(([name, { afterRestore }]) => [name, `vern-dev-${name}${afterRestore === 'kept' ? '' : '-g1'}`]),
) as unknown as TableNames;
const restored = declared.filter(([, { afterRestore }]) => afterRestore !== 'kept').map(([name]) => name);

/** What DynamoDB is asked to make for a table, and nothing is ever there. */
async function askedFor(table: TableName): Promise<CreateTableCommandInput> {
  const asked: unknown[] = [];
  const client = {
    async send({ input, constructor: command }: { input: unknown; constructor: { name: string } }) {
      if (command.name === 'DescribeTableCommand') return {};
      asked.push(input);
      return { ImportTableDescription: { ImportArn: 'arn' } };
    },
  } as unknown as Pick<DynamoDBClient, 'send'>;
  const generations = tableGenerations(client, { names, encryptionKeyArn: 'the domain key' });
  if (generations.madeAnew.includes(table)) {
    await generations.make(table, 2);
    return asked[0] as CreateTableCommandInput;
  }
  await generations.startImport(table, 2, { bucket: 'backup', prefix: 'data/', token: 'token' });
  return (asked[0] as ImportTableCommandInput).TableCreationParameters as CreateTableCommandInput;
}

describe('a table of the next generation', () => {
  let ofStage: (generation: number) => Synthesised;
  let first: Synthesised;
  const resourceOf = (template: Synthesised, physicalId: string) =>
    template.ofType('AWS::DynamoDB::GlobalTable').find((table) => table.physicalId === physicalId) as Resource;
  beforeAll(() => {
    ofStage = (tableGeneration) => synthesise(fixtureCatalogue, { ...stageNamed('dev'), tableGeneration });
    first = ofStage(1);
  });

  it.each(restored)('%s has the keys, the indexes, the billing and the encryption of the template', async (table) => {
    const { TableName, SSESpecification, ...shape } = await askedFor(table);
    const { properties } = resourceOf(first, `vern-dev-${table}-g1`);
    expect(TableName).toBe(`vern-dev-${table}-g2`);
    expect(SSESpecification).toEqual({ Enabled: true, SSEType: 'KMS', KMSMasterKeyId: 'the domain key' });
    expect(Object(properties['SSESpecification'])).toMatchObject({ SSEEnabled: true, SSEType: 'KMS' });
    const asGiven = { AttributeDefinitions: byName(properties['AttributeDefinitions']) };
    expect({ ...shape, AttributeDefinitions: byName(shape.AttributeDefinitions) }).toEqual({
      ...asGiven,
      BillingMode: properties['BillingMode'],
      KeySchema: properties['KeySchema'],
      ...(properties['GlobalSecondaryIndexes'] !== undefined && {
        GlobalSecondaryIndexes: properties['GlobalSecondaryIndexes'],
      }),
    });
  });

  it('is a resource of its own, under the name that a restore gave it, so that CloudFormation can import it', () => {
    const second = ofStage(2);
    for (const table of restored) {
      const [before, after] = [
        resourceOf(first, `vern-dev-${table}-g1`),
        resourceOf(second, tableNamesAt(names, 2)[table]),
      ];
      expect(after.logicalId, table).not.toBe(before.logicalId);
      expect(replicaOf(after), table).toEqual(replicaOf(before));
    }
    for (const kept of ['keys', 'mirror', 'gate'] as const) {
      expect(resourceOf(second, names[kept]).logicalId).toBe(resourceOf(first, names[kept]).logicalId);
    }
  });
});

describe('the tables of a drill', () => {
  it('bear the name of no generation, and keys, mirror and gate are the service’s', () => {
    const drill = tableNamesAt(names, 'drill');
    for (const table of restored) expect(drill[table]).toBe(`vern-dev-${table}-drill`);
    expect([drill.keys, drill.mirror, drill.gate]).toEqual([names.keys, names.mirror, names.gate]);
  });
});

const byName = (attributes: unknown) =>
  [...(attributes as { AttributeName: string }[])].sort((one, other) =>
    one.AttributeName < other.AttributeName ? -1 : 1,
  );
