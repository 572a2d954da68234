import type { Call, Language } from '../../http/call.ts';
import { OrganisationId, PersonId } from '../../http/ids.ts';
import type { Owner } from '../../platform/entity.ts';
import type { Change } from '../../platform/records.ts';
import type { LinkPage } from '../links/handlers.ts';
import { type Link, makeLink } from '../links/link.ts';
import { personEntity } from '../people/person.ts';
import { type StatementChange, statementChangePage } from './link-words.ts';
import { type PublishedStatement, statementRef } from './published.ts';

/** As long as a mail may lie unread. */
const STATEMENT_LINK_SECONDS = 60 * 24 * 60 * 60;

/** A link to the page that says what a version changed (two writes). */
export const linkToStatement = (
  change: Change,
  owner: Owner,
  { organisationId, sequence }: { readonly organisationId: OrganisationId; readonly sequence: number },
  call: Pick<Call, 'now'>,
) => {
  const about = `${organisationId}#${sequence}`;
  return makeLink(change, { purpose: 'read-statement', owner, about, validForSeconds: STATEMENT_LINK_SECONDS }, call);
};

/**
 * What a version changed since the one before it. It signs nobody in and acknowledges nothing. Of an address with
 * protection, and of an account (of which that is not known here), nothing is shown that names the organisation.
 */
export const statementLinkPage: LinkPage = async (link, _token, call) => {
  const place = placeOf(link);
  if (!place) return undefined;
  const { organisationId, sequence } = place;
  const [[statement, before], mayName] = await Promise.all([
    call.records.getMany([statementRef(organisationId, sequence), statementRef(organisationId, sequence - 1)]),
    mayNameOrganisation(link.owner, call),
  ]);
  if (!statement) return undefined;
  const changed = changesBetween(before?.value, statement.value, call.language, mayName);
  const wholeText = `/v1/organisations/${organisationId}/statement/page?language=${call.language}`;
  return statementChangePage({ ...changed, ...(mayName && { wholeText }) }, call.language);
};

function placeOf({ about = '' }: Link) {
  const [organisationId, sequence] = about.split('#');
  const parsed = OrganisationId.safeParse(organisationId);
  return parsed.success ? { organisationId: parsed.data, sequence: Number(sequence) } : undefined;
}

async function mayNameOrganisation(owner: Owner, { records }: Call): Promise<boolean> {
  if (!PersonId.safeParse(owner.subject).success) return false;
  const person = await records.get({ entity: personEntity, owner });
  return person?.value.protectedAddress === false;
}

/** By the titles of sections; those of the organisation's own are left out where `withOwn` is false. Pure. */
export function changesBetween(
  before: Pick<PublishedStatement, 'sections' | 'own'> | undefined,
  after: Pick<PublishedStatement, 'sections' | 'own' | 'reasons'>,
  language: Language,
  withOwn: boolean,
): StatementChange {
  const own = new Set([before, after].flatMap((version) => version?.own[language].map(({ title }) => title) ?? []));
  const shown = (titles: readonly string[]) => titles.filter((title) => withOwn || !own.has(title));
  const [old, now] = [before?.sections[language] ?? [], after.sections[language]];
  const isAsBefore = (section: (typeof now)[number]) =>
    old.some((one) => JSON.stringify(one) === JSON.stringify(section));
  return {
    reasons: after.reasons,
    changed: shown(now.filter((section) => !isAsBefore(section)).map(({ title }) => title)),
    removed: shown(old.map(({ title }) => title).filter((title) => now.every((section) => section.title !== title))),
  };
}
