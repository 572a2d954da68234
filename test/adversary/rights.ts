import type { ConsentPurposeId, ExportId, PersonId, RequestId } from '../../lambdas/http/ids.ts';
import { eventually, type FamilyInside, type Kindergarten } from './history.ts';

/** A copy of everything: ordered, looked through, made, and fetched by a link that lives a minute. */
export async function fetchCopy(
  { api, organisationId }: Kindergarten,
  { family, guardian, guardianId }: FamilyInside,
  photograph: () => Promise<void>,
): Promise<void> {
  await guardian.signInAgain();
  const { body: asked } = await guardian.api.askForRight({
    body: { controller: organisationId, personId: guardianId, right: 'access', text: family.canaries.request.value },
  });
  if (!asked.exportId) throw new Error('A request for access without a copy ordered');
  await readyExport(asked.exportId);
  await photograph();
  const { body: download } = await guardian.api.downloadMyExport({ params: { exportId: asked.exportId } });
  const copy = await fetch(download.url);
  if (!copy.ok) throw new Error(`The copy could not be fetched: ${copy.status}`);
  await photograph();

  async function readyExport(exportId: ExportId): Promise<void> {
    await eventually(async () => {
      const { body } = await guardian.api.listMyExports();
      const found = body.items.find(({ id }) => id === exportId);
      if (found?.state === 'awaiting-redaction') await release(exportId);
      return found?.state === 'ready' ? true : undefined;
    });
  }

  async function release(exportId: ExportId): Promise<void> {
    const params = { organisationId, exportId };
    const { body } = await api.lookThroughExport({ params });
    const decisions = body.texts.map(({ digest }) => ({ digest, shown: 'whole' as const }));
    if (decisions.length > 0) await api.releaseExport({ params, body: { decisions } });
  }
}

/** Both languages alike: the words are no matter here. */
const inBoth = (text: string) => ({ nb: text, en: text });

/** A purpose of the organisation's own, under which an address of the child may be held. */
export async function declarePurpose({ api, organisationId }: Kindergarten): Promise<ConsentPurposeId> {
  const { body } = await api.declareConsentPurpose({
    params: { organisationId },
    body: {
      title: inBoth('Hjemmebesøk'),
      text: inBoth('Vi kommer gjerne på besøk.'),
      data: inBoth('adresse'),
      fields: ['address'],
      guardians: 'either',
      age: 13,
      kinds: ['child'],
    },
  });
  return body.id;
}

/** The guardian consents for the child, and the organisation writes down what it may now hold. */
export async function consentAndTell(
  { api, organisationId }: Kindergarten,
  { family, guardian, childId }: FamilyInside,
  purposeId: ConsentPurposeId,
): Promise<void> {
  const { body } = await guardian.api.listMyConsents();
  const asked = body.items.find((item) => item.purposeId === purposeId && item.personId === childId);
  if (!asked) throw new Error('The guardian is not asked for consent');
  const { textVersion, statementVersion } = asked;
  await guardian.api.giveConsent({
    body: { organisationId, personId: childId, purposeId, textVersion, statementVersion },
  });
  await api.putConsentedInformation({
    params: { organisationId, personId: childId, purposeId },
    ifMatch: 1,
    body: { address: family.canaries.consented.value },
  });
}

export async function writeToOfficer({ family, guardian }: FamilyInside): Promise<void> {
  await guardian.api.writeToDpo({ body: { text: family.canaries.dpoMessage.value } });
}

/** Asked for and left open: the erasure must take what was written in it as well. */
export async function askForRectification(
  { organisationId }: Kindergarten,
  { family, guardian, guardianId }: FamilyInside,
): Promise<void> {
  await guardian.signInAgain();
  const proposal = { address: family.canaries.proposal.value };
  await guardian.api.askForRight({
    body: { controller: organisationId, personId: guardianId, right: 'rectification', proposal },
  });
}

/** The guardian asks, for the child and for herself; two of the organisation plan and approve it. */
export async function askForErasure(
  { api, officer, proveAnew, organisationId }: Kindergarten,
  { guardian, childId, guardianId }: FamilyInside,
): Promise<readonly RequestId[]> {
  await guardian.signInAgain();
  const ask = async (personId: PersonId) =>
    (await guardian.api.askForRight({ body: { controller: organisationId, personId, right: 'erasure' } })).body.id;
  const asked = [await ask(childId), await ask(guardianId)];
  await proveAnew();
  for (const requestId of asked) {
    const params = { organisationId, requestId };
    await officer.planErasure({ params });
    await api.approveRequest({ params, body: {} });
  }
  return asked;
}
