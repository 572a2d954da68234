import { OrganisationId } from '../../http/ids.ts';
import { Problem } from '../../http/problem.ts';
import { StaleVersion } from '../../platform/records.ts';
import { CHANGES_MAX, SubProcessorChange } from './sub-processor.ts';
import type { SubProcessorStore } from './sub-processor-handlers.ts';
import { objectionRef } from './sub-processor-objection.ts';
import { subProcessorPointers } from './sub-processor-pointers.ts';

/** Organisations whose objections to one change are shown. */
const OBJECTIONS_READ_MAX = 1000;

export const subProcessorStore: SubProcessorStore = {
  async changes({ records }) {
    const { pk } = subProcessorPointers.change(0);
    const { items } = await records.pointers('core', pk, { limit: CHANGES_MAX });
    return items.map(({ attributes }) => SubProcessorChange.parse(JSON.parse(String(attributes?.['change']))));
  },

  async announce(change, { records, role }) {
    const { version, kind, effectiveOn } = change;
    return records
      .change()
      .point(
        { ...subProcessorPointers.change(version), attributes: { change: JSON.stringify(change) } },
        { ifNew: () => new StaleVersion('Another change was announced meanwhile') },
      )
      .point({ ...subProcessorPointers.toTell(version), attributes: { version } })
      .activity({
        event: 'sub-processor.announced',
        subject: { controller: 'operator', subject: role!.personId },
        detail: { version, kind, effectiveOn },
      })
      .commit(change);
  },

  async reception({ version }, { records }) {
    const [told, [toTell], objecting] = await Promise.all([
      countOf(records, subProcessorPointers.told(version, '' as OrganisationId).pk),
      records.pointersAt([subProcessorPointers.toTell(version)]),
      records.pointers('core', subProcessorPointers.objection(version, '' as OrganisationId).pk, {
        limit: OBJECTIONS_READ_MAX,
      }),
    ]);
    const stored = await records.getMany(
      objecting.items.map(({ sk }) => objectionRef(OrganisationId.parse(sk), version)),
    );
    return {
      told,
      isToldToAll: toTell === undefined,
      objections: stored.flatMap((objection) => (objection ? [objection.value] : [])),
    };
  },

  async objectionsOf(organisationId, versions, { records }) {
    const stored = await records.getMany(versions.map((version) => objectionRef(organisationId, version)));
    return stored.map((objection) => objection?.value);
  },

  async object(objection, { records }) {
    const { organisationId, version } = objection;
    const ref = objectionRef(organisationId, version);
    return records
      .change()
      .put(ref, objection, 'new', {
        otherwise: () => new Problem('wrong-state', 'The organisation has objected to this change already.'),
      })
      .point(subProcessorPointers.objection(version, organisationId))
      .activity({ event: 'sub-processor.objected', subject: ref.owner, detail: { version } })
      .commit(objection);
  },
};

type Records = Parameters<SubProcessorStore['changes']>[0]['records'];

async function countOf(records: Records, pk: string): Promise<number> {
  let count = 0;
  let after: string | undefined;
  do {
    const { items, next } = await records.pointers('core', pk, after === undefined ? {} : { after });
    count += items.length;
    after = next;
  } while (after !== undefined);
  return count;
}
