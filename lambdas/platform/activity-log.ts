import { unmarshall } from '@aws-sdk/util-dynamodb';
import type { ControllerId, Owner, SubjectId } from './entity.ts';
import type { Store } from './open-records.ts';
import type { Page } from './records.ts';

const PAGE_LINES = 500;

/** One line of the activity log, as far as it may be told: ids and codes, never the body of anything. */
export interface ActivityLine {
  readonly at: string;
  readonly event: string;
  /** An account's id, or `system:<worker>`. */
  readonly actor: string;
  readonly role?: string;
  readonly person?: string;
}

/** Who did and saw what about one subject (SM-05). Reading it is the right of the workers that answer the subject. */
export interface ActivityLog {
  /** Newest first; one Query a page. */
  of(owner: Owner, after?: string): Promise<Page<ActivityLine>>;
}

export const activityLog = ({ dynamo, tableNames }: Pick<Store, 'dynamo' | 'tableNames'>): ActivityLog => ({
  async of({ controller, subject }, after) {
    const pk = partitionOf(controller, subject);
    const { rows, more } = await dynamo.query({
      TableName: tableNames.activity,
      KeyConditionExpression: 'pk = :pk',
      ExpressionAttributeValues: { ':pk': { S: pk } },
      ConsistentRead: true,
      Limit: PAGE_LINES,
      ScanIndexForward: false,
      ...(after !== undefined && { ExclusiveStartKey: { pk: { S: pk }, sk: { S: after } } }),
    });
    const last = rows.at(-1)?.['sk']?.S;
    return {
      items: rows.map((row) => {
        const { at, event, actor, role, person } = unmarshall(row) as Record<string, string | undefined>;
        return {
          at: at ?? '',
          event: event ?? '',
          actor: actor ?? '',
          ...(role !== undefined && { role }),
          ...(person !== undefined && { person }),
        };
      }),
      ...(more && last !== undefined && { next: last }),
    };
  },
});

/** The same as the writer's (change-rows.ts). */
const partitionOf = (controller: ControllerId, subject: SubjectId) => `${controller}#${subject}`;
