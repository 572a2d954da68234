import { personIdsOf } from '../../http/call.ts';
import type { ImportId, OrganisationId } from '../../http/ids.ts';
import { organisationOwner } from '../organisations/organisation.ts';
import { blockedFor } from '../people/blocks.ts';
import { expiryAfter, terms } from '../retention/terms.ts';
import type { ImportStore } from './handlers.ts';
import {
  decisionsRef,
  type ImportRecord,
  importEntity,
  importRef,
  jobPointer,
  ROWS_PER_CHUNK,
  rowsRef,
  unfinishedPointer,
} from './import.ts';

export const importStore: ImportStore = {
  async add(organisationId, record, { records, now }, answer) {
    const ref = importRef(organisationId, record.id);
    const expiry = { expiresAtEpochSeconds: expiryFrom(now) };
    return records
      .change()
      .put(ref, record, 'new', expiry)
      .point({ ...unfinishedPointer(organisationId, record.id), ...expiry })
      .activity({ event: 'import.begun', subject: ref.owner, about: [record.id], detail: { kind: record.kind } })
      .commit(answer);
  },

  find: (organisationId, importId, { records }) => records.get(importRef(organisationId, importId)),

  async list(organisationId, range, { records }) {
    const page = await records.list(importEntity, organisationOwner(organisationId), { ...range, newestFirst: true });
    return { imports: page.items.map(({ value }) => value), ...(page.next !== undefined && { next: page.next }) };
  },

  async rows(organisationId, { id, rowsTotal }, { from, limit }, { records }) {
    const end = Math.min(from + limit, rowsTotal);
    if (from >= end) return [];
    const first = Math.floor(from / ROWS_PER_CHUNK);
    const last = Math.floor((end - 1) / ROWS_PER_CHUNK);
    const refs = Array.from({ length: last - first + 1 }, (_, i) => rowsRef(organisationId, id, first + i));
    const chunks = await records.getMany(refs);
    const rows = chunks.flatMap((chunk) => chunk?.value ?? []);
    const skipped = from - first * ROWS_PER_CHUNK;
    return rows.slice(skipped, skipped + (end - from));
  },

  keptFrom: (organisationId, { records, role }) => blockedFor(records, organisationId, personIdsOf(role!)),

  async approve({ ref, value, version, expiresAtEpochSeconds }, decisions, { records, now }) {
    const organisationId = ref.owner.controller as OrganisationId;
    const applying: ImportRecord = {
      ...value,
      state: 'applying',
      rowsDone: 0,
      resumptions: 0,
      progressAt: now.toISOString(),
    };
    const expiry = { expiresAtEpochSeconds: expiresAtEpochSeconds ?? expiryFrom(now) };
    await records
      .change()
      .put(ref, applying, { version }, expiry)
      .put(decisionsRef(organisationId, value.id), [...decisions], 'new', expiry)
      .point({ ...jobPointer(organisationId, value.id), ...expiry })
      .activity({
        event: 'import.approved',
        subject: ref.owner,
        about: [value.id],
        detail: { blocks: decisions.reduce((sum, { block = [] }) => sum + block.length, 0) },
      })
      .commit();
    return applying;
  },

  async reject({ ref, value, version, expiresAtEpochSeconds }, { records, now }) {
    const organisationId = ref.owner.controller as OrganisationId;
    const chunks = await records.getMany(chunkRefs(organisationId, value.id, value.rowsTotal));
    const { newGroups: _, ...kept } = value;
    const rejected: ImportRecord = { ...kept, state: 'rejected', progressAt: now.toISOString() };
    const change = records
      .change()
      .put(ref, rejected, { version }, { expiresAtEpochSeconds: expiresAtEpochSeconds ?? expiryFrom(now) })
      .activity({ event: 'import.rejected', subject: ref.owner, about: [value.id] });
    for (const chunk of chunks) if (chunk) change.remove(chunk.ref, { version: chunk.version });
    await change.commit();
    return rejected;
  },
};

/** 25 rows may be some 250 KB when every cell is full; a transaction takes 4 MB. */
export const CHUNKS_PER_TRANSACTION = 10;

/** What was read is kept until it has been applied, and a while to look at what became of it. */
export const expiryFrom = (now: Date): number => expiryAfter(terms.import.length, now);

export const chunkRefs = (organisationId: OrganisationId, importId: ImportId, rowsTotal: number) =>
  Array.from({ length: Math.ceil(rowsTotal / ROWS_PER_CHUNK) }, (_, chunk) => rowsRef(organisationId, importId, chunk));
