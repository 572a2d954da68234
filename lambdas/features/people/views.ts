import * as z from 'zod';
import type { RoleCaller } from '../../http/call.ts';
import { PersonId } from '../../http/ids.ts';
import type { Stored } from '../../platform/records.ts';
import {
  Block,
  GuardianLink,
  type guardianLinkEntity,
  isLinkedOn,
  type PersonRecord,
  PersonRecord as PersonRecordSchema,
  type personEntity,
} from './person.ts';

/**
 * What each audience sees of a person: one explicit schema each, so that a field nobody thought of stays inside. A
 * guardian never sees the other guardian's contact details, nor anyone but the organisation's management (and the
 * person) a protected address.
 */
const Version = z.int().min(1).meta({ description: 'The version that `If-Match` takes.' });
const shape = PersonRecordSchema.shape;

/** To the management, and to the person. */
const FullPerson = PersonRecordSchema.extend({ shownTo: z.literal('management'), version: Version });

/** To staff. The note about a colleague is between the colleague and the management. */
const PersonForStaff = FullPerson.extend({ shownTo: z.literal('staff') });

/** To a guardian of the child. Whether the address is protected is itself a trace, so it is not shown either. */
const PersonForGuardian = z.strictObject({
  shownTo: z.literal('guardian'),
  id: shape.id,
  organisationId: shape.organisationId,
  kind: shape.kind,
  firstName: shape.firstName,
  lastName: shape.lastName,
  birthDate: shape.birthDate,
  phone: shape.phone,
  placements: shape.placements,
  version: Version,
});

export const Person = z
  .discriminatedUnion('shownTo', [FullPerson, PersonForStaff, PersonForGuardian])
  .meta({ id: 'Person' });
export type Person = z.output<typeof Person>;

export const PersonSummary = z
  .strictObject({
    id: shape.id,
    kind: shape.kind,
    firstName: shape.firstName,
    lastName: shape.lastName,
    birthDate: shape.birthDate,
    position: shape.position,
    placements: shape.placements,
  })
  .meta({ id: 'PersonSummary' });
export type PersonSummary = z.output<typeof PersonSummary>;

export const Guardian = z
  .discriminatedUnion('shownTo', [
    GuardianLink.extend({
      shownTo: z.literal('organisation'),
      firstName: shape.firstName,
      lastName: shape.lastName,
      email: shape.email,
      phone: shape.phone,
      version: Version,
    }),
    z.strictObject({
      shownTo: z.literal('guardian'),
      guardianId: PersonId,
      firstName: shape.firstName,
      lastName: shape.lastName,
      relation: GuardianLink.shape.relation,
    }),
  ])
  .meta({ id: 'Guardian' });
export type Guardian = z.output<typeof Guardian>;

export const LinkAnswer = GuardianLink.extend({ version: Version }).meta({ id: 'GuardianLink' });
export const BlockAnswer = Block.extend({ version: Version }).meta({ id: 'Block' });

type Audience = Person['shownTo'];

/** That the caller may see the person at all has been decided (access/decide.ts); here it is how much. */
export function audienceOf(caller: RoleCaller, personId: PersonId): Audience {
  if (caller.personId === personId) return 'management';
  if (caller.role === 'administrator' || caller.role === 'leader') return 'management';
  return caller.role === 'staff' ? 'staff' : 'guardian';
}

export function personFor(audience: Audience, { value, version }: Stored<typeof personEntity>): Person {
  if (audience === 'management') return { ...value, shownTo: 'management', version };
  if (audience === 'guardian') {
    const { id, organisationId, kind, firstName, lastName, birthDate, phone, placements } = value;
    const shown = { id, organisationId, kind, firstName, lastName, birthDate, phone, placements, version };
    return { ...shown, shownTo: 'guardian' };
  }
  const { address, postcode, note, ...shown } = value;
  return {
    ...shown,
    ...(!value.protectedAddress && { address, postcode }),
    ...(value.kind !== 'staff' && { note }),
    shownTo: 'staff',
    version,
  };
}

export const summaryOf = ({
  id,
  kind,
  firstName,
  lastName,
  birthDate,
  position,
  placements,
}: PersonRecord): PersonSummary => ({ id, kind, firstName, lastName, birthDate, position, placements });

/**
 * Undefined for whoever the caller must not learn of: other guardians see neither former ones nor one whose address is
 * protected (a foster home, say), because the name leads there.
 */
export function guardianFor(
  caller: RoleCaller,
  link: Stored<typeof guardianLinkEntity>,
  { firstName, lastName, email, phone, protectedAddress }: PersonRecord,
  today: string,
): Guardian | undefined {
  const { guardianId, relation } = link.value;
  const isInside = ['administrator', 'leader', 'staff'].includes(caller.role) || caller.personId === guardianId;
  if (!isInside && (protectedAddress || !isLinkedOn(link.value, today))) return undefined;
  if (!isInside) return { shownTo: 'guardian', guardianId, firstName, lastName, relation };
  return { ...link.value, shownTo: 'organisation', firstName, lastName, email, phone, version: link.version };
}
