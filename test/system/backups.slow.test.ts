import { gunzipSync } from 'node:zlib';
import { GetObjectCommand, ListBucketsCommand, ListObjectVersionsCommand, S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { attack } from '../adversary/cryptanalysis.ts';
import { type Exhibit, evidenceBook, type Sealed, sealedIn } from '../adversary/evidence.ts';
import { type Stores, storesOf } from '../adversary/stores.ts';
import { type Cast, eventually, theCast } from './rights-cast.ts';

/** What lies in the backups about somebody who was erased, 80 and 90 days after it, on the running cloud with its clock moved. */
vi.setConfig({ testTimeout: 300_000 });
const DAY_MILLISECONDS = 86_400_000;

let cast: Cast;
let stores: Stores;
let s3: S3Client;
beforeAll(async () => {
  cast = await theCast();
  stores = storesOf(cast.endpoints, cast.service.stateDir);
  const { region, accessKeyId, secretAccessKey } = cast.endpoints;
  const credentials = { accessKeyId, secretAccessKey };
  s3 = new S3Client({ endpoint: cast.endpoints.s3, region, credentials, forcePathStyle: true });
}, 180_000);
afterAll(async () => {
  s3?.destroy();
  await cast?.stop();
});

describe('a person who was erased', () => {
  it('ALL-05, AT-04, SM-12, FW-11: lies in the backups at 80 days, unreadable, and at 90 days not a byte is left', async () => {
    const { id: accountId } = (await cast.father.api.getMe()).body;
    const subjects = [cast.fatherId, accountId, await askedForRectification()];
    const before = await photographed();
    const theirs = sealedAbout(before, subjects);
    expect(openedOf(await attackedWith(before, theirs), theirs).length).toBe(theirs.length);

    await backUp();
    await erase([cast.fatherId, accountId]);
    const erasedAt = await stores.nowMilliseconds();
    await stores.untilErasuresAreDone();

    // What the law keeps lies in the live tables still, and so in tomorrow's backup as well.
    const live = new Set(sealedAbout(await photographed(), subjects).map(textOf));
    const gone = theirs.filter((sealed) => !live.has(textOf(sealed)));
    expect(theirs.filter((sealed) => live.has(textOf(sealed))).map(({ retentionClass }) => retentionClass)).toEqual(
      theirs.filter((sealed) => live.has(textOf(sealed))).map(() => 'consent'),
    );
    expect(gone.length).toBeGreaterThan(5);

    await untilDaysAfter(erasedAt, 80);
    const at80 = await filesWith(gone, accountId);
    for (const place of [
      /^[^/]*backup[^/]*\/daily\//,
      /^[^/]*offline[^/]*\/copies\/daily\//,
      /^[^/]*offline[^/]*\/rights\//,
    ])
      expect(
        at80.some((name) => place.test(name)),
        `${place} in ${at80.join(' ')}`,
      ).toBe(true);
    expect(at80.some((name) => name.includes('/users/'))).toBe(true);
    const others = sealedAbout(before, [cast.motherId]);
    const tried = [...gone, ...others];
    const attacked = await attackedWith(await photographed(), tried);
    expect(openedOf(attacked, gone)).toEqual([]);
    expect(openedOf(attacked, others).length).toBe(others.length);

    await untilDaysAfter(erasedAt, 90);
    await eventually('the last of it to go', async () => (await filesWith(gone, accountId)).length === 0);
  });
});

/** Rows of all tables and streams, as somebody with every right sees them. */
async function photographed(): Promise<Exhibit[]> {
  const book = evidenceBook();
  await stores.photograph(book);
  return book.all().filter(({ row }) => row !== undefined);
}

const sealedAbout = (exhibits: readonly Exhibit[], subjects: readonly string[]): Sealed[] =>
  exhibits
    .filter(({ sink }) => sink === 'core table' || sink === 'rights table')
    .flatMap(sealedIn)
    .filter(({ partition }) => subjects.some((subject) => partition.endsWith(`#${subject}`)));

/** With every key that there is at that moment, and full rights on KMS. */
const attackedWith = (exhibits: readonly Exhibit[], sealed: readonly Sealed[]) =>
  attack(
    [...exhibits.filter(({ sink }) => /^(keys|mirror) table$/.test(sink)).flatMap(sealedIn), ...sealed],
    stores.unwrap,
  );

const openedOf = ({ opened }: Awaited<ReturnType<typeof attack>>, of: readonly Sealed[]) => {
  const wanted = new Set(of.map(textOf));
  return [...new Set(opened.map(({ sealed }) => textOf(sealed)))].filter((text) => wanted.has(text));
};

/** As it stands in an export and in a copy of the rights. */
const textOf = ({ bytes }: Sealed) => bytes.toString('base64');

/** The versions of objects, in any bucket, that hold any of it, or the account's line of the user pool. */
async function filesWith(sealed: readonly Sealed[], accountId: string): Promise<string[]> {
  const wanted = [...sealed.map(textOf), `"account":"${accountId}"`];
  const found: string[] = [];
  for await (const { name, text } of allVersions()) if (wanted.some((one) => text.includes(one))) found.push(name);
  return found;
}

async function* allVersions(): AsyncGenerator<{ name: string; text: string }> {
  const { Buckets = [] } = await s3.send(new ListBucketsCommand({}));
  for (const { Name: Bucket = '' } of Buckets) {
    let KeyMarker: string | undefined;
    let VersionIdMarker: string | undefined;
    do {
      const page = await s3.send(new ListObjectVersionsCommand({ Bucket, KeyMarker, VersionIdMarker }));
      for (const { Key = '', VersionId } of page.Versions ?? []) {
        const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key, VersionId }));
        const bytes = (await Body?.transformToByteArray()) ?? new Uint8Array();
        const text = Buffer.from(Key.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('latin1');
        yield { name: `${Bucket}/${Key}`, text };
      }
      [KeyMarker, VersionIdMarker] = [page.NextKeyMarker, page.NextVersionIdMarker];
    } while (KeyMarker !== undefined);
  }
}

/** Left open: what was proposed lies in Rights, under the request's own key. */
async function askedForRectification(): Promise<string> {
  const { organisationId: controller, fatherId: personId } = cast;
  const proposal = { firstName: 'Per' };
  const { body } = await cast.father.api.askForRight({
    body: { controller, personId, right: 'rectification', proposal },
  });
  return body.id;
}

/** The backup of the next day, which nothing has begun yet: exported, whole, and copied offline. */
async function backUp(): Promise<void> {
  await cast.advance('P1D');
  const admin = await cast.as('administrator');
  await eventually('the day’s backup and its copy', async () => {
    for (const worker of ['export', 'users', 'keeper']) await invoke(`vern-dev-backup-${worker}`);
    const { body } = await admin.listBackups({ params: { organisationId: cast.organisationId } });
    return body.items[0]?.offlineAt !== undefined;
  });
}

async function invoke(name: string): Promise<void> {
  const url = `${cast.endpoints.lambda}/2015-03-31/functions/${name}/invocations`;
  const response = await fetch(url, { method: 'POST', body: '{}' });
  if (!response.ok || response.headers.has('x-amz-function-error'))
    throw new Error(`${name}: ${await response.text()}`);
}

async function erase(subjects: readonly string[]): Promise<void> {
  const { organisationId: controller, fatherId: personId } = cast;
  await cast.father.signInAgain();
  const { body } = await cast.father.api.askForRight({ body: { controller, personId, right: 'erasure' } });
  const params = { organisationId: controller, requestId: body.id };
  await (await cast.as('privacy-officer', 'fresh')).planErasure({ params });
  await (await cast.as('administrator', 'fresh')).approveRequest({ params, body: {} });
  await stores.untilFenced(subjects);
}

async function untilDaysAfter(instant: number, days: number): Promise<void> {
  const milliseconds = instant + days * DAY_MILLISECONDS - (await stores.nowMilliseconds());
  await cast.advance(`PT${Math.ceil(milliseconds / 1000)}S`);
}
