import * as z from 'zod';
import type { ProposedFacts } from '../corrections/correction.ts';
import { companyFacts } from '../customers/customer.ts';
import { OrganisationNumber } from '../organisations/organisation-number.ts';

const Address = z.object({
  adresse: z.array(z.string().max(200)).max(10).optional(),
  postnummer: z.string().optional(),
  poststed: z.string().optional(),
  landkode: z.string().optional(),
});

/**
 * Of a unit's entry (Enhetsregisteret, `enhet` v2) only what is compared: the rest, such as the names of officers, is not
 * read at all. A unit without these fields is not one.
 */
const Unit = z.object({
  organisasjonsnummer: OrganisationNumber,
  navn: z.string(),
  slettedato: z.iso.date().optional(),
  forretningsadresse: Address.optional(),
});

/** What the register says of a company, as far as we hold the same; `undefined` when it is no entry of a unit. Pure. */
export function factsIn(entry: unknown): (ProposedFacts & { readonly isDeleted: boolean }) | undefined {
  const unit = Unit.safeParse(entry);
  if (!unit.success) return undefined;
  const { navn, organisasjonsnummer, forretningsadresse: at, slettedato } = unit.data;
  const name = fitting('name', navn);
  if (name === undefined) return undefined;
  // An address abroad has no place here: none is proposed.
  const isHere = at?.landkode === undefined || at.landkode === 'NO';
  const address = isHere ? fitting('address', at?.adresse?.filter((line) => line.trim() !== '').join(', ')) : undefined;
  const postcode = isHere ? fitting('postcode', at?.postnummer) : undefined;
  const city = isHere ? fitting('city', at?.poststed) : undefined;
  return {
    name,
    organisationNumber: organisasjonsnummer,
    ...(address !== undefined && { address }),
    ...(postcode !== undefined && { postcode }),
    ...(city !== undefined && { city }),
    isDeleted: slettedato !== undefined,
  };
}

/** A value that we would not take from anybody else is not taken from a register either. */
function fitting(fact: keyof typeof companyFacts, value: string | undefined): string | undefined {
  return companyFacts[fact].safeParse(value).data;
}
