import type { AttributeValue, TransactWriteItem } from '@aws-sdk/client-dynamodb';
import { keyAttributes } from './change-rows.ts';
import { type ClassKeyRow, classKeyRow, classKeyRowKey, newClassKey } from './class-keys.ts';
import { rowId } from './dynamo.ts';
import { organisationKeyRowKey } from './key-ring.ts';
import type { Session } from './record-reader.ts';
import type { KeyWrite } from './records.ts';

type AskedClassKeyWrite = Exclude<KeyWrite, { do: 'erase-organisation-key' }>;
/** As asked, but with all entities that are refused or allowed under one key together: a row is written once. */
type ClassKeyWrite = Omit<AskedClassKeyWrite, 'entity'> & { readonly entities: readonly string[] };

/**
 * What becomes of key rows, as writes of one transaction. Each is conditioned on the state that was read for it: when
 * another writer was faster the transaction fails and all is looked at again. What is so already needs no write.
 */
export async function keyWriteItems(session: Session, wanted: readonly KeyWrite[]): Promise<TransactWriteItem[]> {
  if (wanted.length === 0) return [];
  const classWrites = together(wanted.filter((write) => write.do !== 'erase-organisation-key'));
  const keys = classWrites.map((write) => rowKeyOf(session, write));
  const rows = keys.length > 0 ? await session.dynamo.batchGet(keys.map((key) => [key])) : new Map();
  // What was remembered of these rows is about to be wrong.
  for (const key of keys) session.keyRows.delete(rowId(key));
  const items = await Promise.all(
    classWrites.map((write, i) => itemOf(session, write, classKeyRow(rows.get(rowId(keys[i]!))))),
  );
  const organisations = wanted.flatMap((write) =>
    write.do === 'erase-organisation-key'
      ? [fence({ table: session.tableNames.keys, ...organisationKeyRowKey(write.controller, write.purpose) }, session)]
      : [],
  );
  return [...items.filter((item) => item !== undefined), ...organisations];
}

async function itemOf(session: Session, write: ClassKeyWrite, row: ClassKeyRow | undefined) {
  // A fence stays a fence.
  if (row?.state === 'ERASED') return undefined;
  const key = rowKeyOf(session, write);
  // Nothing to write, as long as it stays so until the rest is written: another may just be lifting what this restricts.
  const unchanged = stillAs(key, row);
  switch (write.do) {
    case 'erase':
      return fence(key, session);
    case 'shred':
      return row ? shredded(session, write, row) : unchanged;
    case 'restrict':
      if (!row) return madeWith(session, write, { state: { S: 'RESTRICTED' } });
      return row.state === 'ACTIVE' ? stateChange(key, 'ACTIVE', 'RESTRICTED') : unchanged;
    case 'lift':
      return row?.state === 'RESTRICTED' ? stateChange(key, 'RESTRICTED', 'ACTIVE') : unchanged;
    case 'refuse':
      if (!row) return madeWith(session, write, { refused: { SS: [...write.entities] } });
      return (
        refusal(
          key,
          'ADD',
          write.entities.filter((entity) => !row.refused.has(entity)),
        ) ?? unchanged
      );
    case 'allow':
      return (
        refusal(
          key,
          'DELETE',
          write.entities.filter((entity) => row?.refused.has(entity)),
        ) ?? unchanged
      );
  }
}

function stillAs(key: RowKey, row: ClassKeyRow | undefined): TransactWriteItem {
  const at = { TableName: key.table, Key: keyAttributes(key) };
  if (!row) return { ConditionCheck: { ...at, ConditionExpression: 'attribute_not_exists(pk)' } };
  const refused = [...row.refused];
  const sameRefused = refused.length > 0 ? 'refused = :refused' : 'attribute_not_exists(refused)';
  return {
    ConditionCheck: {
      ...at,
      ConditionExpression: `#state = :state AND ${sameRefused}`,
      ExpressionAttributeNames: { '#state': 'state' },
      ExpressionAttributeValues: {
        ':state': { S: row.state },
        ...(refused.length > 0 && { ':refused': { SS: refused } }),
      },
    },
  };
}

function together(asked: readonly AskedClassKeyWrite[]): readonly ClassKeyWrite[] {
  const merged = new Map<string, ClassKeyWrite>();
  for (const write of asked) {
    const { owner, retentionClass } = write;
    const id = `${write.do} ${owner.controller} ${owner.subject} ${retentionClass}`;
    const entities = new Set(merged.get(id)?.entities);
    if ('entity' in write) entities.add(write.entity);
    merged.set(id, { do: write.do, owner, retentionClass, entities: [...entities] });
  }
  return [...merged.values()];
}

const rowKeyOf = (session: Session, { owner, retentionClass }: ClassKeyWrite) =>
  classKeyRowKey(session.tableNames.keys, owner, retentionClass);

interface RowKey {
  readonly table: string;
  readonly pk: string;
  readonly sk: string;
}

/** Also where no key was ever made: nothing can be stored behind an erasure. */
function fence(key: RowKey, session: Session): TransactWriteItem {
  return {
    Update: {
      TableName: key.table,
      Key: keyAttributes(key),
      UpdateExpression: 'SET #state = :erased, erasedAt = :at REMOVE wrappedKey, refused ADD #revision :one',
      ExpressionAttributeNames: { '#state': 'state', '#revision': 'revision' },
      ExpressionAttributeValues: {
        ':erased': { S: 'ERASED' },
        ':at': { S: session.now().toISOString() },
        ':one': { N: '1' },
      },
    },
  };
}

/** A key that nobody has seen yet instead of the one that everything so far was sealed under. */
async function shredded(session: Session, write: ClassKeyWrite, row: ClassKeyRow): Promise<TransactWriteItem> {
  const key = rowKeyOf(session, write);
  const { wrapped } = await newClassKey(session.ring, write.owner, write.retentionClass);
  return {
    Update: {
      TableName: key.table,
      Key: keyAttributes(key),
      UpdateExpression: 'SET wrappedKey = :new, generation = :next ADD #revision :one',
      ConditionExpression: 'wrappedKey = :old',
      ExpressionAttributeNames: { '#revision': 'revision' },
      ExpressionAttributeValues: {
        ':new': { B: wrapped },
        ':old': { B: row.wrapped ?? new Uint8Array() },
        ':next': { N: String(row.generation + 1) },
        ':one': { N: '1' },
      },
    },
  };
}

/** A class that was never used is closed as well: else the first record of it would be stored in spite of it. */
async function madeWith(
  session: Session,
  write: ClassKeyWrite,
  attributes: Record<string, AttributeValue>,
): Promise<TransactWriteItem> {
  const key = rowKeyOf(session, write);
  const { wrapped } = await newClassKey(session.ring, write.owner, write.retentionClass);
  return {
    Put: {
      TableName: key.table,
      Item: { ...keyAttributes(key), state: { S: 'ACTIVE' }, wrappedKey: { B: wrapped }, ...attributes },
      ConditionExpression: 'attribute_not_exists(pk)',
    },
  };
}

// The conditions name `state` alone: whoever may restrict has no right to touch, or to ask about, the wrapped key.
const stateChange = (key: RowKey, from: 'ACTIVE' | 'RESTRICTED', to: 'ACTIVE' | 'RESTRICTED'): TransactWriteItem => ({
  Update: {
    TableName: key.table,
    Key: keyAttributes(key),
    UpdateExpression: 'SET #state = :to ADD #revision :one',
    ConditionExpression: '#state = :from',
    ExpressionAttributeNames: { '#state': 'state', '#revision': 'revision' },
    ExpressionAttributeValues: { ':from': { S: from }, ':to': { S: to }, ':one': { N: '1' } },
  },
});

const refusal = (key: RowKey, verb: 'ADD' | 'DELETE', entities: readonly string[]): TransactWriteItem | undefined =>
  entities.length === 0 ? undefined : { Update: updateOfRefusals(key, verb, entities) };

const updateOfRefusals = (key: RowKey, verb: 'ADD' | 'DELETE', entities: readonly string[]) => ({
  TableName: key.table,
  Key: keyAttributes(key),
  UpdateExpression:
    verb === 'ADD' ? 'ADD refused :entities, #revision :one' : 'DELETE refused :entities ADD #revision :one',
  ConditionExpression: '#state IN (:active, :restricted)',
  ExpressionAttributeNames: { '#state': 'state', '#revision': 'revision' },
  ExpressionAttributeValues: {
    ':entities': { SS: [...entities] },
    ':one': { N: '1' },
    ':active': { S: 'ACTIVE' },
    ':restricted': { S: 'RESTRICTED' },
  },
});
