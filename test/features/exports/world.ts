import { createHash, createPublicKey, createSign, createVerify, generateKeyPairSync } from 'node:crypto';
import { unzipSync } from 'fflate';
import { fileKeyOf, filePlaceOf, holderOf } from '../../../lambdas/features/exports/export.ts';
import { makeExport } from '../../../lambdas/features/exports/make.ts';
import type { Maker } from '../../../lambdas/features/exports/maker.ts';
import { type ExportOrder, orderExport } from '../../../lambdas/features/exports/order.ts';
import type { Call } from '../../../lambdas/http/call.ts';
import type { ExportId } from '../../../lambdas/http/ids.ts';
import { activityLog } from '../../../lambdas/platform/activity-log.ts';
import type { Owner } from '../../../lambdas/platform/entity.ts';
import type { Files } from '../../../lambdas/platform/files.ts';
import { openRecords } from '../../../lambdas/platform/open-records.ts';
import type { Signer } from '../../../lambdas/platform/signing.ts';
import { anId, type TestStore } from '../../support/store.ts';

/** S3 as the outside world that it is: what is put is there, with the time of the store's clock. */
export function aBucket(store: TestStore) {
  const objects = new Map<string, { content: Uint8Array; contentType: string; lastModified: Date }>();
  const files: Files = {
    async put(key, content, { contentType }) {
      objects.set(key, { content: Buffer.from(content), contentType, lastModified: store.now() });
    },
    get: async (key) => objects.get(key)?.content,
    async remove(key) {
      objects.delete(key);
    },
    list: async (prefix) =>
      [...objects].filter(([key]) => key.startsWith(prefix)).map(([key, { lastModified }]) => ({ key, lastModified })),
    linkTo: async (key, { filename }, now) => ({
      url: `https://downloads.test/${key}?name=${filename}`,
      expiresAt: new Date(now.getTime() + 60_000).toISOString(),
    }),
  };
  return { objects, files };
}

/** KMS's signing key: P-256, as KMS answers. */
export function aSigner(): Signer & { verify(bytes: Uint8Array, der: Uint8Array): boolean } {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const spki = publicKey.export({ format: 'der', type: 'spki' });
  return {
    sign: async (bytes) => ({
      keyId: 'signing-key',
      signature: createSign('sha256').update(bytes).sign(privateKey).toString('base64url'),
    }),
    publicKey: async () => ({ keyId: 'signing-key', spki: spki.toString('base64') }),
    verify: (bytes, der) => createVerify('sha256').update(bytes).verify(publicKey, der),
  };
}

export type Exports = ReturnType<typeof aMaker>;

/** The exporter, its buckets and its key, over a store. */
export function aMaker(store: TestStore) {
  const [sealed, downloads] = [aBucket(store), aBucket(store)];
  const signer = aSigner();
  const openCall = (): Call => ({
    requestId: 'test',
    now: store.now(),
    language: 'nb',
    origin: { sourceIp: '', userAgent: '' },
    newId: anId,
    records: openRecords(
      store,
      { requestId: 'test', actor: 'system:exporter', newEventId: () => anId('evt') },
      undefined,
      { throughRestriction: true },
    ),
  });
  const vault = new Map<string, Buffer>();
  const maker: Maker = {
    sealed: sealed.files,
    downloads: downloads.files,
    vault: { read: async (place) => vault.get(place) },
    activityLog: activityLog(store),
    signer,
    openCall,
  };

  const order = async (wanted: Omit<ExportOrder, 'id' | 'language'>): Promise<ExportId> => {
    const id = anId('exp');
    const change = openCall().records.change();
    orderExport(change, { ...wanted, id, language: 'nb' }, store.now());
    await change.activity({ event: 'export.ordered', subject: wanted.owner, about: [id] }).commit();
    return id;
  };
  const make = async (wanted: Omit<ExportOrder, 'id' | 'language'>) => {
    const id = await order(wanted);
    const holder = holderOf(wanted.owner, wanted.audience, wanted.requestId);
    await makeExport({ holder, id }, maker);
    return { id, holder };
  };
  const open = async (holder: Owner, id: ExportId): Promise<Unpacked> => {
    const object = sealed.objects.get(fileKeyOf(id));
    if (!object) throw new Error('There is no file');
    const zip = await openCall().records.openFile(holder, 'export', filePlaceOf(id), object.content);
    if (!zip) throw new Error('The file cannot be opened');
    return unpacked(zip);
  };
  return {
    maker,
    signer,
    vault,
    sealed,
    downloads,
    openCall,
    order,
    make,
    open,
    /** Ordered, made and opened. */
    async of(wanted: Omit<ExportOrder, 'id' | 'language'>): Promise<Unpacked> {
      const { id, holder } = await make(wanted);
      return open(holder, id);
    },
  };
}

export interface Unpacked {
  readonly files: Readonly<Record<string, Uint8Array>>;
  text(name: string): string;
  json(name: string): unknown;
}

export function unpacked(zip: Uint8Array): Unpacked {
  const files = unzipSync(new Uint8Array(zip));
  const text = (name: string) => {
    const content = files[name];
    if (!content) throw new Error(`No ${name} among ${Object.keys(files).join(', ')}`);
    return Buffer.from(content).toString('utf8');
  };
  return { files, text, json: (name) => JSON.parse(text(name)) };
}

export const sha256 = (content: Uint8Array) => createHash('sha256').update(content).digest('hex');
export const keyIn = (pem: string) => createPublicKey(pem);
