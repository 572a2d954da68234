import { accountEntity, accountOwner } from '../../../lambdas/features/accounts/account.ts';
import { organisationEntity, organisationOwner } from '../../../lambdas/features/organisations/organisation.ts';
import {
  blockEntity,
  type GuardianLink,
  guardianLinkEntity,
  ownerOf,
  type PersonRecord,
  personEntity,
} from '../../../lambdas/features/people/person.ts';
import type { OrganisationId, PersonId } from '../../../lambdas/http/ids.ts';
import type { Mail, MailOutcome } from '../../../lambdas/platform/mail.ts';
import { aCall, anId, type TestStore } from '../../support/store.ts';

/** A kindergarten with one child and one guardian; each part can be another. */
export async function aKindergarten(
  store: TestStore,
  organisationId: OrganisationId,
  but: {
    child?: Partial<PersonRecord>;
    guardian?: Partial<PersonRecord>;
    link?: Partial<GuardianLink>;
    isBlocked?: boolean;
  } = {},
) {
  const childId = anId('per');
  const guardianId = anId('per');
  const person = (id: PersonId, fields: Partial<PersonRecord>): PersonRecord => ({
    id,
    organisationId,
    kind: 'child',
    firstName: 'Åse',
    lastName: 'Ødegård',
    language: 'nb',
    protectedAddress: false,
    placements: [],
    ...fields,
  });
  const child = ownerOf(organisationId, childId);
  const change = aCall(store).records.change();
  change
    .put(
      { entity: organisationEntity, owner: organisationOwner(organisationId) },
      {
        id: organisationId,
        name: 'Solbakken barnehage',
        profile: 'kindergarten',
        timeZone: 'Europe/Oslo',
        language: 'nb',
        state: 'open',
        notArrivedAfterMinutes: 30,
      },
      'new',
    )
    .put({ entity: personEntity, owner: child }, person(childId, { ...but.child }), 'new')
    .put(
      { entity: personEntity, owner: ownerOf(organisationId, guardianId) },
      person(guardianId, {
        kind: 'guardian',
        firstName: 'Kari',
        email: 'kari@example.org',
        ...but.guardian,
      }),
      'new',
    )
    .put(
      { entity: guardianLinkEntity, owner: child, key: guardianId },
      {
        guardianId,
        relation: 'mother',
        rights: 'parental-responsibility',
        livesWith: true,
        from: '2020-01-01',
        ...but.link,
      },
      'new',
    )
    .activity({ event: 'test.prepared', subject: child });
  if (but.isBlocked) {
    change.put(
      { entity: blockEntity, owner: child, key: guardianId },
      { personId: guardianId, basis: 'court-order', since: '2026-01-01' },
      'new',
    );
  }
  await change.commit();
  return { organisationId, childId, guardianId, guardian: ownerOf(organisationId, guardianId) };
}

export async function anAccount(store: TestStore) {
  const accountId = anId('acc');
  const owner = accountOwner(accountId);
  await aCall(store)
    .records.change()
    .put(
      { entity: accountEntity, owner },
      {
        id: accountId,
        sub: 'sub',
        email: 'konto@example.org',
        language: 'en',
        settings: {},
        createdAt: '2026-01-01T00:00:00.000Z',
        notBeforeEpochSeconds: 0,
      },
      'new',
    )
    .activity({ event: 'test.prepared', subject: owner })
    .commit();
  return owner;
}

/** SES as the outside world that it is: keeps what it was given and answers as told. */
export function fakeSes() {
  const mails: Mail[] = [];
  const ses = {
    mails,
    answers: { outcome: 'accepted', sesMessageId: 'ses-1' } as MailOutcome,
    async sendMail(mail: Mail): Promise<MailOutcome> {
      mails.push(mail);
      return ses.answers;
    },
  };
  return ses;
}
