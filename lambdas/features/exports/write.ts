import * as z from 'zod';
import type { ExportId } from '../../http/ids.ts';
import type { Signer } from '../../platform/signing.ts';
import type { Content } from './content.ts';
import { csvOf } from './csv.ts';
import { isPortableFor } from './export.ts';
import { wordsOf } from './field-words.ts';
import { indexPage } from './index-page.ts';
import { type Listed, listed, manifestEntries } from './manifest.ts';
import { portableOf, SignedPortable, signedBytes } from './portable.ts';
import { readme } from './readme.ts';
import { schemaOf } from './schemas.ts';
import type { Entry, Sink } from './zip.ts';

export interface Making {
  readonly id: ExportId;
  readonly at: Date;
  readonly signer: Signer;
}

/** Hands the files of one export to the sink, one after the other; the manifest last. */
export async function writeContent(content: Content, making: Making, sink: Sink): Promise<void> {
  const files: Listed[] = [];
  for await (const entry of entriesOf(content, making)) {
    files.push(listed(entry));
    await sink(entry);
  }
  const about = {
    exportId: making.id,
    createdAt: making.at.toISOString(),
    controller: content.collected.owner.controller,
  };
  for (const entry of await manifestEntries(files, about, making.signer)) await sink(entry);
}

async function* entriesOf(content: Content, making: Making): AsyncGenerator<Entry> {
  yield text('README.txt', readme());
  yield text('index.nb.html', indexPage(content, making.at, 'nb', making.id));
  yield text('index.en.html', indexPage(content, making.at, 'en', making.id));
  const portable = isPortableFor(content.collected.audience) ? portableOf(content, making.at) : undefined;
  if (portable) {
    const { keyId, signature } = await making.signer.sign(signedBytes(portable));
    const signed: SignedPortable = { portable, signature: { keyId, algorithm: 'ECDSA_SHA_256', value: signature } };
    yield json('portable/portable.json', signed);
    yield json('portable/portable.schema.json', z.toJSONSchema(SignedPortable, { unrepresentable: 'any' }));
  }
  for (const { entity, records } of content.parts) {
    yield json(`data/${entity.name}.json`, records);
    yield text(`data/${entity.name}.csv`, csvOf(records));
    yield json(`data/schemas/${entity.name}.schema.json`, schemaOf(entity, wordsOf(entity).title.en));
  }
}

const text = (name: string, content: string): Entry => ({ name, content: Buffer.from(content, 'utf8') });
const json = (name: string, value: unknown): Entry => text(name, `${JSON.stringify(value, null, 2)}\n`);
