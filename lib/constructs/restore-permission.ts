import { Stack } from 'aws-cdk-lib';
import type { RestoreCapability } from '../../lambdas/platform/capabilities.ts';
import { type TableDeclaration, type TableName, tables } from '../../lambdas/platform/tables.ts';
import { kmsWriting } from './customer-managed-key.ts';
import { allow, type Permission, type Resources, useThrough } from './permissions.ts';

/** What the restore alone may do: make tables, fill them and take them away; connect their streams. */
export function restorePermission(declared: RestoreCapability, resources: Resources): Permission {
  const actions = [...declared.actions];
  if (declared.restore === 'mappings') return mappings(actions, resources);
  if (declared.restore === 'import-log') return importLog(actions, resources);
  const generations = declared.tables.flatMap((name) => arnsOf(name, resources));
  if (declared.restore === 'through-aws') {
    // AWS writes in the caller's name while it restores a table; the code itself can do none of it.
    const onlyAws = { Bool: { 'aws:ViaAWSService': 'true' } };
    return { statements: [allow(actions, [...generations.map(({ own }) => own)], onlyAws)], environment: {} };
  }
  if (declared.restore === 'drill') {
    const drills = generations.filter(({ isDrill }) => isDrill).flatMap(({ own, indexes }) => [own, ...indexes]);
    return { statements: [allow(actions, drills)], environment: {} };
  }
  const { domain } = resources.encryption;
  return {
    statements: [
      allow(
        actions,
        generations.flatMap(({ own }) => [own, `${own}/import/*`]),
      ),
      useThrough('dynamodb', domain, kmsWriting),
      allow(['kms:CreateGrant'], [domain.keyArn], {
        StringEquals: { 'kms:ViaService': `dynamodb.${Stack.of(domain).region}.amazonaws.com` },
        Bool: { 'kms:GrantIsForAWSResource': 'true' },
      }),
    ],
    environment: { TABLES_KEY_ARN: domain.keyArn },
  };
}

/** A table's generations, and its stand-in in a drill. */
function arnsOf(name: TableName, { tables: { byName } }: Resources) {
  const { arn } = byName[name];
  const { indexes = {} }: TableDeclaration = tables[name];
  return [
    { own: arn, isDrill: false },
    { own: arn.replace(/-g\*$/, '-drill'), isDrill: true },
  ].map(({ own, isDrill }) => ({
    own,
    isDrill,
    indexes: Object.keys(indexes).map((index) => `${own}/index/${index}`),
  }));
}

/** Lambda knows no resource for listing and making them; making and removing is held to our own functions. */
function mappings(actions: readonly string[], { encryption: { domain } }: Resources): Permission {
  const { partition, region, account } = Stack.of(domain);
  const ours = { ArnLike: { 'lambda:FunctionArn': `arn:${partition}:lambda:${region}:${account}:function:vern-*` } };
  const mappingArns = `arn:${partition}:lambda:${region}:${account}:event-source-mapping:*`;
  const those = (verb: string) => actions.filter((action) => action.startsWith(`lambda:${verb}`));
  const statements = [
    allow(those('List'), ['*']),
    allow(those('Create'), ['*'], ours),
    allow(those('Delete'), [mappingArns], ours),
  ];
  return { statements, environment: {} };
}

/** Where ImportTable says which items it could not take in, in the caller's name (developer guide, S3DataImport.Requesting). */
function importLog(actions: string[], { encryption: { domain } }: Resources): Permission {
  const { partition, region, account } = Stack.of(domain);
  const groups = `arn:${partition}:logs:${region}:${account}:log-group:/aws-dynamodb/*`;
  return { statements: [allow(actions, [groups])], environment: {} };
}
