import { createHash, createPublicKey, verify } from 'node:crypto';
import { mkdtempSync, readFileSync, statSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  CancelKeyDeletionCommand,
  DecryptCommand,
  DescribeKeyCommand,
  DisableKeyCommand,
  DisableKeyRotationCommand,
  EnableKeyCommand,
  EnableKeyRotationCommand,
  EncryptCommand,
  GenerateDataKeyCommand,
  GenerateDataKeyWithoutPlaintextCommand,
  GenerateMacCommand,
  GenerateRandomCommand,
  GetKeyRotationStatusCommand,
  GetPublicKeyCommand,
  KMSClient,
  ListAliasesCommand,
  ReEncryptCommand,
  ScheduleKeyDeletionCommand,
  SignCommand,
  VerifyCommand,
  VerifyMacCommand,
} from '@aws-sdk/client-kms';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Clock } from '../../../local/clock.ts';
import { keyFromTemplate } from '../../../local/kms/key.ts';
import { type EmbeddedKms, startKms } from '../../../local/kms/server.ts';
import { inOwnProcess, moduleUrl } from './in-own-process.ts';

const region = 'eu-west-1';
const day = 86_400_000;
const core = keyFromTemplate('CoreKey', { EnableKeyRotation: true }, { region, aliases: ['alias/vern-core'] });
const keys = keyFromTemplate('KeysKey', {}, { region, aliases: ['alias/vern-keys'] });
const lookup = keyFromTemplate('LookupKey', { KeySpec: 'HMAC_256', KeyUsage: 'GENERATE_VERIFY_MAC' }, { region });
const seals = keyFromTemplate('SealKey', { KeySpec: 'ECC_NIST_P256', KeyUsage: 'SIGN_VERIFY' }, { region });
const declared = [core, keys, lookup, seals];
const nowhere = keyFromTemplate('Nowhere', {}, { region });

let now = Date.parse('2026-11-21T12:00:00Z');
const clock: Clock = { now: () => now, offsetMilliseconds: 0 };
let stateDir: string;
let kms: EmbeddedKms;
let client: KMSClient;

const clientOf = (endpoint: string) =>
  new KMSClient({ endpoint, region, credentials: { accessKeyId: 'local', secretAccessKey: 'local' }, maxAttempts: 1 });
const start = async () => {
  kms = await startKms({ stateDir, clock, region, keys: declared });
  client = clientOf(kms.url);
};
const text = (value: string) => new TextEncoder().encode(value);
const sealedIn = async (keyId: string, value = 'secret', context?: Record<string, string>) => {
  const command = new EncryptCommand({
    KeyId: keyId,
    Plaintext: text(value),
    ...(context && { EncryptionContext: context }),
  });
  return (await client.send(command)).CiphertextBlob!;
};
const openedFrom = async (blob: Uint8Array, context?: Record<string, string>, keyId?: string) => {
  const command = new DecryptCommand({
    CiphertextBlob: blob,
    ...(context && { EncryptionContext: context }),
    ...(keyId && { KeyId: keyId }),
  });
  return Buffer.from((await client.send(command)).Plaintext!).toString();
};
const refused = (name: string) => expect.objectContaining({ name });

beforeEach(async () => {
  now = Date.parse('2026-11-21T12:00:00Z');
  stateDir = mkdtempSync(join(tmpdir(), 'vern-kms-'));
  await start();
});
afterEach(() => kms.close());

describe('encrypting', () => {
  it('opens what it sealed, without being told the key', async () => {
    const context = { organisation: 'org_1', version: '1' };
    const blob = await sealedIn(core.keyId, 'blåbær', context);
    expect(Buffer.from(blob).includes('bl')).toBe(false);
    const answer = await client.send(new DecryptCommand({ CiphertextBlob: blob, EncryptionContext: context }));
    expect(Buffer.from(answer.Plaintext!).toString()).toBe('blåbær');
    expect(answer.KeyId).toBe(core.arn);
    expect(core.arn).toMatch(/^arn:aws:kms:eu-west-1:000000000000:key\/[0-9a-f-]{36}$/);
  });

  it('takes no notice of the order of the context', async () => {
    const blob = await sealedIn(core.keyId, 'x', { a: '1', b: '2' });
    expect(await openedFrom(blob, { b: '2', a: '1' })).toBe('x');
  });

  it.each([undefined, {}, { organisation: 'org_2' }, { organisation: 'org_1', more: '' }, { Organisation: 'org_1' }])(
    'stays closed under the context %j',
    async (context) => {
      const blob = await sealedIn(core.keyId, 'x', { organisation: 'org_1' });
      await expect(openedFrom(blob, context)).rejects.toEqual(refused('InvalidCiphertextException'));
    },
  );

  it('stays closed when any byte has changed', async () => {
    const blob = await sealedIn(core.keyId, 'x');
    for (let index = 0; index < blob.length; index++) {
      const changed = Uint8Array.from(blob);
      changed[index]! ^= 1;
      await expect(openedFrom(changed), `byte ${index}`).rejects.toEqual(refused('InvalidCiphertextException'));
    }
    await expect(openedFrom(blob.slice(0, -1))).rejects.toEqual(refused('InvalidCiphertextException'));
    await expect(openedFrom(text('no ciphertext at all'))).rejects.toEqual(refused('InvalidCiphertextException'));
  });

  it('never gives the same ciphertext twice', async () => {
    expect(await sealedIn(core.keyId)).not.toEqual(await sealedIn(core.keyId));
  });

  it('refuses to open under another key than the one named', async () => {
    const blob = await sealedIn(core.keyId);
    await expect(openedFrom(blob, {}, keys.arn)).rejects.toEqual(refused('IncorrectKeyException'));
    await expect(openedFrom(blob, {}, nowhere.keyId)).rejects.toEqual(refused('NotFoundException'));
  });

  it.each([
    ['id', core.keyId],
    ['ARN', core.arn],
    ['alias', 'alias/vern-core'],
    ['ARN of the alias', 'arn:aws:kms:eu-west-1:000000000000:alias/vern-core'],
  ])('knows a key by its %s', async (_, name) => {
    const blob = await sealedIn(name);
    expect(await openedFrom(blob, {}, name)).toBe('secret');
    expect((await client.send(new DescribeKeyCommand({ KeyId: name }))).KeyMetadata?.Arn).toBe(core.arn);
  });

  it.each([
    nowhere.keyId,
    nowhere.arn,
    'alias/nowhere',
    'arn:aws:kms:us-east-1:000000000000:alias/vern-core',
    core.arn.replace('eu-west-1', 'us-east-1'),
    `key/${core.keyId}`,
  ])('knows no key %s', async (name) => {
    await expect(sealedIn(name)).rejects.toEqual(refused('NotFoundException'));
  });

  it('seals 4096 bytes and no more', async () => {
    expect(await openedFrom(await sealedIn(core.keyId, 'x'.repeat(4096)))).toHaveLength(4096);
    await expect(sealedIn(core.keyId, 'x'.repeat(4097))).rejects.toEqual(refused('ValidationException'));
    await expect(sealedIn(core.keyId, '')).rejects.toEqual(refused('ValidationException'));
  });

  it('refuses keys that are made for something else', async () => {
    await expect(sealedIn(lookup.keyId)).rejects.toEqual(refused('InvalidKeyUsageException'));
    const mac = new GenerateMacCommand({ KeyId: core.keyId, Message: text('x'), MacAlgorithm: 'HMAC_SHA_256' });
    await expect(client.send(mac)).rejects.toEqual(refused('InvalidKeyUsageException'));
  });

  it('moves a secret to another key and context', async () => {
    const blob = await sealedIn(core.keyId, 'moved', { from: 'here' });
    const moved = await client.send(
      new ReEncryptCommand({
        CiphertextBlob: blob,
        SourceEncryptionContext: { from: 'here' },
        DestinationKeyId: keys.keyId,
        DestinationEncryptionContext: { to: 'there' },
      }),
    );
    expect(moved).toMatchObject({ SourceKeyId: core.arn, KeyId: keys.arn });
    expect(await openedFrom(moved.CiphertextBlob!, { to: 'there' }, keys.arn)).toBe('moved');
    await expect(openedFrom(moved.CiphertextBlob!, { from: 'here' })).rejects.toEqual(
      refused('InvalidCiphertextException'),
    );
  });
});

describe('data keys', () => {
  it('come in the clear and wrapped, and both are the same', async () => {
    const context = { organisation: 'org_1' };
    const made = await client.send(
      new GenerateDataKeyCommand({ KeyId: core.keyId, KeySpec: 'AES_256', EncryptionContext: context }),
    );
    expect(made.Plaintext).toHaveLength(32);
    const opened = await client.send(
      new DecryptCommand({ CiphertextBlob: made.CiphertextBlob!, EncryptionContext: context }),
    );
    expect(opened.Plaintext).toEqual(made.Plaintext);
  });

  it('come wrapped only, where that is asked', async () => {
    const made = await client.send(
      new GenerateDataKeyWithoutPlaintextCommand({ KeyId: core.keyId, NumberOfBytes: 48 }),
    );
    expect(made).not.toHaveProperty('Plaintext');
    const opened = await client.send(new DecryptCommand({ CiphertextBlob: made.CiphertextBlob! }));
    expect(opened.Plaintext).toHaveLength(48);
  });

  it('need a length said in one way', async () => {
    const both = new GenerateDataKeyCommand({ KeyId: core.keyId, KeySpec: 'AES_256', NumberOfBytes: 32 });
    await expect(client.send(both)).rejects.toEqual(refused('ValidationException'));
    const neither = new GenerateDataKeyCommand({ KeyId: core.keyId });
    await expect(client.send(neither)).rejects.toEqual(refused('ValidationException'));
  });

  it('are random', async () => {
    const random = async () => (await client.send(new GenerateRandomCommand({ NumberOfBytes: 32 }))).Plaintext;
    expect(await random()).not.toEqual(await random());
  });
});

describe('message authentication codes', () => {
  const input = { KeyId: lookup.keyId, Message: text('ola@example.test'), MacAlgorithm: 'HMAC_SHA_256' as const };

  it('are the same each time and verify', async () => {
    const first = await client.send(new GenerateMacCommand(input));
    const second = await client.send(new GenerateMacCommand(input));
    expect(first.Mac).toHaveLength(32);
    expect(second.Mac).toEqual(first.Mac);
    const verified = await client.send(new VerifyMacCommand({ ...input, Mac: first.Mac! }));
    expect(verified.MacValid).toBe(true);
  });

  it('fail for another message, another length, another algorithm', async () => {
    const { Mac } = await client.send(new GenerateMacCommand(input));
    const other = new VerifyMacCommand({ ...input, Message: text('kari@example.test'), Mac: Mac! });
    await expect(client.send(other)).rejects.toEqual(refused('KMSInvalidMacException'));
    const shorter = new VerifyMacCommand({ ...input, Mac: Mac!.slice(1) });
    await expect(client.send(shorter)).rejects.toEqual(refused('KMSInvalidMacException'));
    const algorithm = new GenerateMacCommand({ ...input, MacAlgorithm: 'HMAC_SHA_512' });
    await expect(client.send(algorithm)).rejects.toEqual(refused('InvalidKeyUsageException'));
  });
});

describe('signatures', () => {
  const message = text('the head of the log');
  const digest = createHash('sha256').update(message).digest();
  const raw = { KeyId: seals.keyId, Message: message, SigningAlgorithm: 'ECDSA_SHA_256' as const };
  const digested = { ...raw, Message: digest, MessageType: 'DIGEST' as const };
  const signed = async (input: typeof raw | typeof digested) => (await client.send(new SignCommand(input))).Signature!;
  const publicKey = async () => {
    const { PublicKey } = await client.send(new GetPublicKeyCommand({ KeyId: seals.keyId }));
    return createPublicKey({ key: Buffer.from(PublicKey!), format: 'der', type: 'spki' });
  };

  it.each([
    ['a message', raw],
    ['its digest', digested],
  ])('of %s verify with the public key alone, outside KMS, and either way inside', async (_, input) => {
    const key = await publicKey();
    // Several, because r and s come in lengths of their own.
    for (let round = 0; round < 10; round++) {
      const Signature = await signed(input);
      expect(verify('sha256', message, key, Signature)).toBe(true);
      for (const asked of [raw, digested]) {
        expect((await client.send(new VerifyCommand({ ...asked, Signature }))).SignatureValid).toBe(true);
      }
    }
  });

  it('fail for another message and when any byte has changed', async () => {
    const Signature = await signed(raw);
    const otherDigest = createHash('sha256').update('another').digest();
    for (const asked of [
      { ...raw, Message: text('another') },
      { ...digested, Message: otherDigest },
    ]) {
      const command = new VerifyCommand({ ...asked, Signature });
      await expect(client.send(command)).rejects.toEqual(refused('KMSInvalidSignatureException'));
    }
    for (let index = 0; index < Signature.length; index++) {
      const changed = Uint8Array.from(Signature);
      changed[index]! ^= 1;
      const command = new VerifyCommand({ ...digested, Signature: changed });
      await expect(client.send(command), `byte ${index}`).rejects.toEqual(refused('KMSInvalidSignatureException'));
    }
  });

  it('are not made over a digest of the wrong length', async () => {
    const command = new SignCommand({ ...digested, Message: digest.subarray(1) });
    await expect(client.send(command)).rejects.toEqual(refused('ValidationException'));
  });
});

describe('the life of a key', () => {
  it('rests while disabled', async () => {
    const blob = await sealedIn(core.keyId);
    await client.send(new DisableKeyCommand({ KeyId: core.keyId }));
    await expect(openedFrom(blob)).rejects.toEqual(refused('DisabledException'));
    await expect(sealedIn(core.keyId)).rejects.toEqual(refused('DisabledException'));
    const { KeyMetadata } = await client.send(new DescribeKeyCommand({ KeyId: core.keyId }));
    expect(KeyMetadata).toMatchObject({ Enabled: false, KeyState: 'Disabled' });
    await client.send(new EnableKeyCommand({ KeyId: core.keyId }));
    expect(await openedFrom(blob)).toBe('secret');
  });

  it('waits for its deletion, and is disabled when saved from it', async () => {
    const blob = await sealedIn(core.keyId);
    const scheduled = await client.send(new ScheduleKeyDeletionCommand({ KeyId: core.keyId, PendingWindowInDays: 7 }));
    expect(scheduled.DeletionDate).toEqual(new Date(now + 7 * day));
    await expect(openedFrom(blob)).rejects.toEqual(refused('KMSInvalidStateException'));
    await expect(client.send(new EnableKeyCommand({ KeyId: core.keyId }))).rejects.toEqual(
      refused('KMSInvalidStateException'),
    );
    now += 7 * day - 1;
    await client.send(new CancelKeyDeletionCommand({ KeyId: core.keyId }));
    await expect(openedFrom(blob)).rejects.toEqual(refused('DisabledException'));
    await client.send(new EnableKeyCommand({ KeyId: core.keyId }));
    now += 30 * day;
    expect(await openedFrom(blob)).toBe('secret');
  });

  it('is gone with its material when the clock passes the date, and no restart brings it back', async () => {
    const blob = await sealedIn(core.keyId);
    const kept = readFileSync(join(stateDir, 'kms-keys.json'), 'utf8');
    const material = JSON.parse(kept).find((key: { keyId: string }) => key.keyId === core.keyId).materials[0].secret;
    await client.send(new ScheduleKeyDeletionCommand({ KeyId: core.keyId, PendingWindowInDays: 7 }));
    now += 7 * day;
    await expect(sealedIn(core.keyId)).rejects.toEqual(refused('NotFoundException'));
    await expect(openedFrom(blob)).rejects.toEqual(refused('InvalidCiphertextException'));
    expect(readFileSync(join(stateDir, 'kms-keys.json'), 'utf8')).not.toContain(material);
    await kms.close();
    await start();
    await expect(sealedIn(core.keyId)).rejects.toEqual(refused('NotFoundException'));
    expect(await openedFrom(await sealedIn(keys.keyId))).toBe('secret');
  });

  it.each([6, 31])('cannot be told to wait %i days', async (days) => {
    const command = new ScheduleKeyDeletionCommand({ KeyId: core.keyId, PendingWindowInDays: days });
    await expect(client.send(command)).rejects.toEqual(refused('ValidationException'));
    expect(await openedFrom(await sealedIn(core.keyId))).toBe('secret');
  });

  it('rotates after a year and still opens what it sealed before', async () => {
    const before = await sealedIn(core.keyId);
    const status = await client.send(new GetKeyRotationStatusCommand({ KeyId: core.keyId }));
    expect(status).toMatchObject({ KeyRotationEnabled: true, NextRotationDate: new Date(now + 365 * day) });
    now += 365 * day;
    const after = await sealedIn(core.keyId);
    expect(JSON.parse(readFileSync(join(stateDir, 'kms-keys.json'), 'utf8'))[0].materials).toHaveLength(2);
    expect(await openedFrom(before)).toBe('secret');
    expect(await openedFrom(after)).toBe('secret');
  });

  it('turns rotation on and off, for symmetric keys only', async () => {
    const rotates = async () =>
      (await client.send(new GetKeyRotationStatusCommand({ KeyId: keys.keyId }))).KeyRotationEnabled;
    expect(await rotates()).toBe(false);
    await client.send(new EnableKeyRotationCommand({ KeyId: keys.keyId }));
    expect(await rotates()).toBe(true);
    await client.send(new DisableKeyRotationCommand({ KeyId: keys.keyId }));
    expect(await rotates()).toBe(false);
    await expect(client.send(new EnableKeyRotationCommand({ KeyId: seals.keyId }))).rejects.toEqual(
      refused('UnsupportedOperationException'),
    );
  });
});

describe('what the template declares', () => {
  it('gives the same key id for the same logical id, and another for another', () => {
    expect(keyFromTemplate('CoreKey', {}, { region }).keyId).toBe(core.keyId);
    expect(core.keyId).not.toBe(keys.keyId);
  });

  it.each([
    [{ KeySpec: 'RSA_2048', KeyUsage: 'SIGN_VERIFY' }, 'no KeySpec RSA_2048'],
    [{ KeySpec: 'HMAC_256' }, 'needs KeyUsage GENERATE_VERIFY_MAC'],
    [{ KeyUsage: 'SIGN_VERIFY' }, 'needs KeyUsage ENCRYPT_DECRYPT'],
  ])('refuses %j', (properties, message) => {
    expect(() => keyFromTemplate('Key', properties, { region })).toThrow(message);
  });

  it('does not turn a key into another kind', async () => {
    const changed = keyFromTemplate('CoreKey', { KeySpec: 'HMAC_256', KeyUsage: 'GENERATE_VERIFY_MAC' }, { region });
    await expect(startKms({ stateDir, clock, region, keys: [changed] })).rejects.toThrow('cannot change');
  });

  it('lists aliases page by page', async () => {
    const first = await client.send(new ListAliasesCommand({ Limit: 1 }));
    expect(first).toMatchObject({ Truncated: true, Aliases: [{ AliasName: 'alias/vern-core' }] });
    const second = await client.send(new ListAliasesCommand({ Limit: 1, Marker: first.NextMarker! }));
    expect(second).toMatchObject({ Truncated: false, Aliases: [{ AliasName: 'alias/vern-keys' }] });
    const ofKeys = await client.send(new ListAliasesCommand({ KeyId: keys.keyId }));
    expect(ofKeys.Aliases).toMatchObject([{ AliasName: 'alias/vern-keys', TargetKeyId: keys.keyId }]);
  });
});

describe('the server', () => {
  it('counts the calls of each operation, refused ones too', async () => {
    const blob = await sealedIn(core.keyId);
    await openedFrom(blob);
    await expect(openedFrom(blob, { wrong: 'context' })).rejects.toThrow();
    expect(kms.calls()).toEqual({ Encrypt: 1, Decrypt: 2 });
    expect(await (await fetch(`${kms.url}/calls`)).json()).toEqual({ Encrypt: 1, Decrypt: 2 });
  });

  it('answers an unknown operation and a broken body as AWS does', async () => {
    const send = (target: string, body: string) =>
      fetch(kms.url, { method: 'POST', headers: { 'x-amz-target': target }, body });
    const unknown = await send('TrentService.CreateKey', '{}');
    expect(unknown.status).toBe(400);
    expect(await unknown.json()).toMatchObject({ __type: 'UnknownOperationException' });
    const broken = await send('TrentService.Encrypt', '{');
    expect(await broken.json()).toMatchObject({ __type: 'SerializationException' });
  });

  it('refuses a body of 64 KB and more, and goes on', async () => {
    const body = 'x'.repeat(64 * 1024 + 1);
    const answer = await fetch(kms.url, { method: 'POST', headers: { 'x-amz-target': 'TrentService.Encrypt' }, body });
    expect(answer.status).toBe(413);
    expect(await openedFrom(await sealedIn(core.keyId))).toBe('secret');
  });

  it('answers to no name but this machine’s', async () => {
    const statusFor = (host: string) =>
      new Promise((resolve, reject) => {
        request(`${kms.url}/calls`, { headers: { host } }, (answer) => {
          answer.resume();
          resolve(answer.statusCode);
        })
          .on('error', reject)
          .end();
      });
    expect(await statusFor(`127.0.0.1:${kms.port}`)).toBe(200);
    expect(await statusFor(`localhost:${kms.port}`)).toBe(200);
    expect(await statusFor(`[::1]:${kms.port}`)).toBe(200);
    expect(await statusFor('rebound.example.test')).toBe(421);
    expect(await statusFor('127.0.0.1.example.test')).toBe(421);
  });

  it('shows the moved time in its Date header', async () => {
    now = Date.parse('2031-05-17T09:00:00Z');
    expect((await fetch(`${kms.url}/calls`)).headers.get('date')).toBe('Sat, 17 May 2031 09:00:00 GMT');
  });

  it('keeps its keys from the eyes of others', () => {
    expect(statSync(join(stateDir, 'kms-keys.json')).mode & 0o077).toBe(0);
  });

  it('keeps key material and state over a kill -9', async () => {
    await kms.close();
    const options = JSON.stringify({ stateDir, region, keys: declared });
    const script = `
      import { startKms } from ${moduleUrl('local/kms/server.ts')};
      import { realClock } from ${moduleUrl('local/clock.ts')};
      process.stdout.write((await startKms({ ...${options}, clock: realClock })).url);`;
    const first = await inOwnProcess(script);
    client = clientOf(first.said);
    const blob = await sealedIn(core.keyId, 'still here');
    await client.send(new DisableKeyCommand({ KeyId: keys.keyId }));
    await first.kill();
    const second = await inOwnProcess(script);
    client = clientOf(second.said);
    expect(await openedFrom(blob)).toBe('still here');
    await expect(sealedIn(keys.keyId)).rejects.toEqual(refused('DisabledException'));
    await second.kill();
  });
});
