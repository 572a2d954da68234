import { createHash, randomBytes } from 'node:crypto';
import {
  createReadStream,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { type ChecksumAlgorithm, startChecksum } from './checksums.ts';
import { S3Error } from './errors.ts';
import type { ObjectAttributes, Versions } from './versions.ts';

export interface ReceivedBody {
  bodyId: string;
  sizeBytes: number;
  md5Hex: string;
  /** Computed only where the request named a hash of its body. */
  sha256Hex?: string;
  /** Base64, of the algorithm that was asked for. */
  checksumValue?: string;
}

export interface UploadedPart {
  bodyId: string;
  sizeBytes: number;
  etag: string;
  checksumValue?: string;
  uploadedEpochMilliseconds: number;
}

export interface Upload {
  uploadId: string;
  key: string;
  initiatedEpochMilliseconds: number;
  attributes: ObjectAttributes;
  checksum?: { algorithm: ChecksumAlgorithm; type: 'FULL_OBJECT' | 'COMPOSITE' };
  parts: Readonly<Record<string, UploadedPart>>;
}

interface KeyDocument {
  key: string;
  versions: Versions;
}

/**
 * One bucket in one folder: `keys/<sha256 of the key>.json` lists a key's versions, `uploads/<id>.json` an upload's
 * parts, `bodies/<random id>` holds the bytes. A body counts once a document names it, and documents appear by rename:
 * whatever was acknowledged is there after `kill -9`, whatever was not is swept at the next start. (There is no fsync:
 * a power cut is not what this guards against.)
 *
 * Documents are written synchronously, so that "look, decide, write" is one step for the event loop and needs no lock.
 */
export class BucketStorage {
  readonly #directory: string;
  readonly #versions = new Map<string, Versions>();
  readonly #uploads = new Map<string, Upload>();
  #sortedKeys: readonly string[] | undefined;

  constructor(directory: string) {
    this.#directory = directory;
    for (const folder of ['keys', 'uploads', 'bodies']) mkdirSync(join(directory, folder), { recursive: true });
    for (const text of this.#documents('keys')) {
      const document: KeyDocument = JSON.parse(text);
      this.#versions.set(document.key, document.versions);
    }
    for (const text of this.#documents('uploads')) {
      const upload: Upload = JSON.parse(text);
      this.#uploads.set(upload.uploadId, upload);
    }
    this.#removeUnnamedBodies();
  }

  versionsOf(key: string): Versions {
    return this.#versions.get(key) ?? [];
  }

  /** In S3's order: by the bytes of their UTF-8. */
  sortedKeys(): readonly string[] {
    this.#sortedKeys ??= sortedByUtf8([...this.#versions.keys()]);
    return this.#sortedKeys;
  }

  /** Durable when it returns. Bodies that no version names any more are removed. */
  saveVersions(key: string, versions: Versions): void {
    const before = this.versionsOf(key);
    const file = join('keys', `${createHash('sha256').update(key).digest('hex')}.json`);
    if (versions.length === 0) {
      rmSync(join(this.#directory, file), { force: true });
      this.#versions.delete(key);
    } else {
      this.#replaceDocument(file, { key, versions } satisfies KeyDocument);
      this.#versions.set(key, versions);
    }
    if ((before.length === 0) !== (versions.length === 0)) this.#sortedKeys = undefined;
    const kept = new Set(versions.map((version) => version.kind === 'object' && version.bodyId));
    for (const version of before) {
      if (version.kind === 'object' && !kept.has(version.bodyId)) this.removeBody(version.bodyId);
    }
  }

  uploads(): Upload[] {
    return [...this.#uploads.values()];
  }

  findUpload(uploadId: string): Upload | undefined {
    return this.#uploads.get(uploadId);
  }

  saveUpload(upload: Upload): void {
    const before = this.#uploads.get(upload.uploadId);
    this.#replaceDocument(join('uploads', `${upload.uploadId}.json`), upload);
    this.#uploads.set(upload.uploadId, upload);
    for (const [number, part] of Object.entries(before?.parts ?? {})) {
      if (upload.parts[number]?.bodyId !== part.bodyId) this.removeBody(part.bodyId);
    }
  }

  removeUpload(upload: Upload): void {
    rmSync(join(this.#directory, 'uploads', `${upload.uploadId}.json`), { force: true });
    this.#uploads.delete(upload.uploadId);
    for (const part of Object.values(upload.parts)) this.removeBody(part.bodyId);
  }

  /** Writes a body that counts only once a document names it. Throws EntityTooLarge above the bound. */
  async receiveBody(
    source: AsyncIterable<Buffer>,
    wanted: { bytesMax: number; hasSha256?: boolean; checksum?: ChecksumAlgorithm | undefined },
  ): Promise<ReceivedBody> {
    const bodyId = randomBytes(16).toString('hex');
    const md5 = createHash('md5');
    const sha256 = wanted.hasSha256 ? createHash('sha256') : undefined;
    const checksum = wanted.checksum && startChecksum(wanted.checksum);
    let sizeBytes = 0;
    try {
      await using file = await open(this.#bodyPath(bodyId), 'wx');
      for await (const piece of source) {
        sizeBytes += piece.length;
        if (sizeBytes > wanted.bytesMax) throw tooLarge(sizeBytes, wanted.bytesMax);
        md5.update(piece);
        sha256?.update(piece);
        checksum?.update(piece);
        await file.writeFile(piece);
      }
    } catch (error) {
      this.removeBody(bodyId);
      throw error;
    }
    return {
      bodyId,
      sizeBytes,
      md5Hex: md5.digest('hex'),
      ...(sha256 && { sha256Hex: sha256.digest('hex') }),
      ...(checksum && { checksumValue: checksum.digest() }),
    };
  }

  /** Opened at once, so that a delete meanwhile does not tear the read. The range is inclusive. */
  readBody(bodyId: string, range?: { start: number; end: number }): Readable {
    const descriptor = openSync(this.#bodyPath(bodyId), 'r');
    return createReadStream('', { fd: descriptor, start: range?.start ?? 0, ...(range && { end: range.end }) });
  }

  removeBody(bodyId: string): void {
    rmSync(this.#bodyPath(bodyId), { force: true });
  }

  #bodyPath(bodyId: string): string {
    return join(this.#directory, 'bodies', bodyId);
  }

  #replaceDocument(file: string, document: KeyDocument | Upload): void {
    const path = join(this.#directory, file);
    writeFileSync(`${path}.tmp`, JSON.stringify(document));
    renameSync(`${path}.tmp`, path);
  }

  *#documents(folder: string): Generator<string> {
    for (const name of readdirSync(join(this.#directory, folder))) {
      const path = join(this.#directory, folder, name);
      if (name.endsWith('.json')) yield readFileSync(path, 'utf8');
      else rmSync(path);
    }
  }

  #removeUnnamedBodies(): void {
    const named = new Set<string>();
    for (const versions of this.#versions.values()) {
      for (const version of versions) if (version.kind === 'object') named.add(version.bodyId);
    }
    for (const upload of this.#uploads.values()) {
      for (const part of Object.values(upload.parts)) named.add(part.bodyId);
    }
    for (const bodyId of readdirSync(join(this.#directory, 'bodies'))) {
      if (!named.has(bodyId)) this.removeBody(bodyId);
    }
  }
}

export function sortedByUtf8(keys: readonly string[]): string[] {
  return keys
    .map((key) => ({ key, bytes: Buffer.from(key) }))
    .sort((left, right) => Buffer.compare(left.bytes, right.bytes))
    .map(({ key }) => key);
}

function tooLarge(sizeBytes: number, bytesMax: number): S3Error {
  return new S3Error('EntityTooLarge', undefined, {
    details: { ProposedSize: String(sizeBytes), MaxSizeAllowed: String(bytesMax) },
  });
}
