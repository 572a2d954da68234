import type { Owner } from '../../platform/entity.ts';
import type { Records } from '../../platform/records.ts';
import { type Image, pictureEntity } from '../pictures/picture.ts';
import { everyRecord } from './collect.ts';
import { csvOf } from './csv.ts';
import { entitiesOf } from './entities.ts';
import { wordsOf } from './field-words.ts';
import { schemaOf } from './schemas.ts';
import { viewOf } from './views.ts';
import type { Sink } from './zip.ts';

/** What is about running the service for a moment, and nothing that a controller gets back. */
const notReturned = ['transient', 'export', 'request'];

/**
 * One subject's data as it goes back to its controller (ALL-09): everything that we hold as its processor, whole, with
 * the ids that join one person's records to another's. No redaction: it is the controller's own. Files go to
 * `<folder>/<entity>.json` and `.csv`, one entity at a time, so that no more than one is in memory.
 */
export async function writePersonExport(records: Records, owner: Owner, folder: string, sink: Sink): Promise<void> {
  for (const entity of entitiesOf(owner.subject)) {
    if (entity.ourRole !== 'processor' || notReturned.includes(entity.retentionClass)) continue;
    const values = (await everyRecord(records, entity, owner)).map(({ value }) => viewOf(entity).of(value, undefined));
    if (values.length === 0) continue;
    await sink({ name: `${folder}/${entity.name}.json`, content: bytes(`${JSON.stringify(values, null, 2)}\n`) });
    await sink({ name: `${folder}/${entity.name}.csv`, content: bytes(csvOf(values)) });
    if (entity.name !== pictureEntity.name) continue;
    for (const { image } of values as { image?: Image }[]) {
      if (image)
        await sink({ name: `${folder}/picture.${extensionOf(image)}`, content: Buffer.from(image.content, 'base64') });
    }
  }
}

/** The JSON Schemas of those files, once for a whole archive: the same words as in a person's own export. */
export async function writeSchemas(subject: Owner['subject'], folder: string, sink: Sink): Promise<void> {
  for (const entity of entitiesOf(subject)) {
    if (entity.ourRole !== 'processor' || notReturned.includes(entity.retentionClass)) continue;
    const schema = schemaOf(entity, wordsOf(entity).title.en);
    await sink({
      name: `${folder}/${entity.name}.schema.json`,
      content: bytes(`${JSON.stringify(schema, null, 2)}\n`),
    });
  }
}

export const extensionOf = ({ contentType }: Image): string =>
  contentType.slice('image/'.length).replace('jpeg', 'jpg');
const bytes = (text: string) => Buffer.from(text, 'utf8');
