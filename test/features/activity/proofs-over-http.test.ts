import { createPublicKey } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ownerOf } from '../../../lambdas/features/people/person.ts';
import { faultOf, parseSignedCheckpoint } from '../../../lambdas/features/transparency/checkpoint.ts';
import { type ActivityEntry, entryHash } from '../../../lambdas/features/transparency/leaf.ts';
import { isConsistent, isIncluded } from '../../../lambdas/features/transparency/merkle.ts';
import type { ActivityRecordId, PersonId } from '../../../lambdas/http/ids.ts';
import { startDynamoDb, type TestDynamoDb } from '../../support/dynoxide.ts';
import { anOrganisation, type SignedIn, someoneWith } from '../../support/service.ts';
import { aWorld, by, inNoRole, spki, type World } from './world.ts';

let db: TestDynamoDb;
let world: World;
let officer: SignedIn;
let childId: PersonId;
let guardian: SignedIn;
beforeAll(async () => {
  db = await startDynamoDb();
});
afterAll(() => db.stop());
beforeEach(async () => {
  world = await aWorld(db);
  officer = await world.colleague('privacy-officer');
  childId = await world.person();
  guardian = await world.guardianOf(childId);
});

const refused = (slug: string) => ({ name: 'ProblemError', slug });
const here = () => ({ organisationId: world.organisationId });
const ofChild = () => ownerOf(world.organisationId, childId);
const proofFor = async (eventId: ActivityRecordId, reader = officer) =>
  (await world.as(reader).getActivityProof({ params: { ...here(), eventId } })).body;
const myProofFor = async (eventId: ActivityRecordId, { token }: SignedIn) =>
  (await world.as({ token }).getMyActivityProof({ params: { eventId } })).body;

type Proof = Awaited<ReturnType<typeof proofFor>>;
const hashOf = (text: string) => new Uint8Array(Buffer.from(text, 'base64'));
const key = createPublicKey({ key: Buffer.from(spki, 'base64'), format: 'der', type: 'spki' });
/** What anyone does who trusts the public key and nothing else of ours. */
function isProven({ leaf, hash, entry, inclusion, signed }: Proof): boolean {
  const checkpoint = parseSignedCheckpoint(signed);
  const { size, root } = checkpoint.checkpoint;
  return (
    (entry === undefined || Buffer.from(entryHash(entry as ActivityEntry)).toString('base64') === hash) &&
    isIncluded({ leaf: hashOf(hash), index: leaf, size, proof: inclusion.map(hashOf), root }) &&
    faultOf(checkpoint, key) === undefined
  );
}

describe('the proof that a record stands in the log', () => {
  it('is checked with the public key alone, and fails when anything in it is altered', async () => {
    const ids = [];
    for (let i = 0; i < 5; i++) ids.push(await world.happened('picture.set', ofChild(), by(officer)));
    await expect(proofFor(ids[2]!)).rejects.toMatchObject(refused('not-in-the-log-yet'));
    await world.sequence();
    for (const id of ids) {
      const proof = await proofFor(id);
      expect(proof.entry).toMatchObject({ id, event: 'picture.set', person: officer.personId, subject: childId });
      expect(isProven(proof)).toBe(true);
    }
    const proof = await proofFor(ids[2]!);
    expect(isProven({ ...proof, entry: { ...proof.entry!, event: 'picture.removed' } })).toBe(false);
    expect(isProven({ ...proof, leaf: proof.leaf + 1 })).toBe(false);
    expect(isProven({ ...proof, inclusion: proof.inclusion.slice(1) })).toBe(false);
    const { head } = proof.signed;
    const forged = { ...proof.signed, head: { ...head, text: head.text.replace('number 1', 'number 2') } };
    expect(isProven({ ...proof, signed: forged })).toBe(false);
  });

  it('waits for a signature for what came after the last one', async () => {
    await world.happened('picture.set', ofChild(), by(officer));
    await world.sequence();
    const late = await world.happened('picture.removed', ofChild(), by(officer));
    await expect(proofFor(late)).rejects.toMatchObject(refused('not-in-the-log-yet'));
    await world.sequence();
    expect(isProven(await proofFor(late))).toBe(true);
  });

  it('is there for the privacy officer, and for no record of another organisation or of long ago', async () => {
    const id = await world.happened('picture.set', ofChild(), by(officer));
    await world.sequence();
    const administrator = await world.colleague('administrator');
    await expect(proofFor(id, administrator)).rejects.toMatchObject(refused('not-allowed'));
    const elsewhere = await anOrganisation(world.store);
    const other = await someoneWith(world.store, elsewhere.id, 'privacy-officer');
    const theirs = world.as(other).getActivityProof({ params: { organisationId: elsewhere.id, eventId: id } });
    await expect(theirs).rejects.toMatchObject(refused('activity-record-not-found'));
    await expect(proofFor(id, other)).rejects.toMatchObject(refused('organisation-not-found'));
    world.at('2027-11-23T07:00:01Z');
    const later = await world.colleague('privacy-officer');
    await expect(proofFor(id, later)).rejects.toMatchObject(refused('activity-record-not-found'));
  });

  it('stays by the leaf when the record itself is over', async () => {
    const id = await world.happened('picture.set', ofChild(), by(officer));
    await world.sequence();
    const { leaf: leafIndex, hash } = await proofFor(id);
    world.at('2027-11-23T07:00:01Z');
    const later = world.as(await world.colleague('staff'));
    const { body } = await later.getLeafProof({ params: { ...here(), leafIndex } });
    expect(body).toMatchObject({ leaf: leafIndex, hash });
    expect(body).not.toHaveProperty('entry');
    expect(isProven(body)).toBe(true);
    const beyond = later.getLeafProof({ params: { ...here(), leafIndex: 1_000_000 } });
    await expect(beyond).rejects.toMatchObject(refused('not-in-the-log-yet'));
    const nonsense = later.getLeafProof({ params: { ...here(), leafIndex: -1 } });
    await expect(nonsense).rejects.toMatchObject(refused('malformed-request'));
  });
});

describe('the proof of a record about oneself', () => {
  it('shows the record where it names nobody else', async () => {
    const id = await world.happened('absence.reported', ofChild(), by(guardian));
    await expect(myProofFor(id, guardian)).rejects.toMatchObject(refused('not-in-the-log-yet'));
    await world.sequence();
    const proof = await myProofFor(id, guardian);
    expect(proof.entry).toMatchObject({ id, actor: guardian.accountId });
    expect(isProven(proof)).toBe(true);
  });

  it('binds us to its hash where it names others, whose ids stay with us', async () => {
    const byOthers = await world.happened('person.seen', ofChild(), by(officer));
    const aboutOthers = await world.happened('picture.set', ofChild(), by(guardian), { about: [officer.personId] });
    await world.sequence();
    for (const id of [byOthers, aboutOthers]) {
      const proof = await myProofFor(id, guardian);
      expect(proof).not.toHaveProperty('entry');
      expect(isProven(proof)).toBe(true);
      expect(JSON.stringify(proof)).not.toMatch(new RegExp(`${officer.personId}|${officer.accountId}`));
      // The same leaf that the privacy officer can show whole.
      expect((await proofFor(id)).hash).toBe(proof.hash);
    }
  });

  it('is no way round what the list leaves out', async () => {
    const father = await world.guardianOf(childId);
    const hidden = [
      await world.happened('absence.reported', ofChild(), by(father)),
      await world.happened('consent.given', ofChild(), inNoRole(father.accountId)),
      await world.happened('block.set', ofChild(), by(officer), { about: [father.personId] }),
      await world.happened('person.seen', ownerOf(world.organisationId, father.personId), by(officer)),
    ];
    await world.sequence();
    for (const id of hidden)
      await expect(myProofFor(id, guardian)).rejects.toMatchObject(refused('activity-record-not-found'));
  });
});

describe('the length of the log', () => {
  const checkpoint = async (reader: SignedIn, consistentWith?: number) =>
    (
      await world.as(reader).getLogCheckpoint({
        params: here(),
        query: consistentWith === undefined ? {} : { consistentWith },
      })
    ).body;

  it('is signed, says nothing about anyone, and is there for everybody inside', async () => {
    await expect(checkpoint(officer)).rejects.toMatchObject(refused('not-in-the-log-yet'));
    await world.sequence();
    const { signed, consistency } = await checkpoint(guardian);
    expect(consistency).toBeUndefined();
    expect(faultOf(parseSignedCheckpoint(signed), key)).toBeUndefined();
    const outsider = await someoneWith(world.store, (await anOrganisation(world.store)).id, 'guardian');
    await expect(checkpoint(outsider)).rejects.toMatchObject(refused('organisation-not-found'));
    const support = await someoneWith(world.store, 'operator', 'platform-support');
    await expect(checkpoint(support)).rejects.toMatchObject({ name: 'ProblemError' });
  });

  it('proves that what somebody kept is its beginning, and that it was never longer', async () => {
    await world.sequence();
    const kept = parseSignedCheckpoint((await checkpoint(officer)).signed).checkpoint;
    for (let i = 0; i < 7; i++) await world.happened('picture.set', ofChild(), by(officer));
    await world.sequence();
    const { signed, consistency } = await checkpoint(officer, kept.size);
    const now = parseSignedCheckpoint(signed).checkpoint;
    const claim = {
      first: kept.size,
      second: now.size,
      firstRoot: kept.root,
      secondRoot: now.root,
      proof: consistency!.proof.map(hashOf),
    };
    expect(now.size).toBeGreaterThan(kept.size);
    expect(isConsistent(claim)).toBe(true);
    expect(isConsistent({ ...claim, firstRoot: now.root })).toBe(false);
    await expect(checkpoint(officer, now.size + 1)).rejects.toMatchObject(refused('log-is-shorter'));
  });
});
