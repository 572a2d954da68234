import * as z from 'zod';
import { OrganisationId } from '../../http/ids.ts';
import { entity } from '../../platform/entity.ts';
import { ofTheOrganisation } from '../organisations/of-the-organisation.ts';
import { organisationOwner } from '../organisations/organisation.ts';

/** How tickets and chats come in, beside the app; both are closed until somebody opens them. */
export const TicketSettings = z
  .strictObject({
    /** Mail to the organisation's own address becomes a ticket once its sender has confirmed it. */
    takesMail: z.boolean(),
    /** Anybody may begin a chat with the organisation. */
    takesChats: z.boolean(),
    /** Customers may be compared with the open register of companies: their organisation numbers are then sent there. */
    comparesCompanies: z.boolean().default(false),
  })
  .meta({ id: 'TicketSettings' });
export type TicketSettings = z.output<typeof TicketSettings>;
export const closedSettings: TicketSettings = { takesMail: false, takesChats: false, comparesCompanies: false };

export const ticketSettingsEntity = entity({
  ...ofTheOrganisation,
  name: 'ticket-settings',
  sortKey: 'TICKET-SETTINGS',
  schema: TicketSettings,
  purpose: "to run the organisation's service",
});
export const ticketSettingsRef = (organisationId: OrganisationId) =>
  ({ entity: ticketSettingsEntity, owner: organisationOwner(organisationId) }) as const;

const PREFIX = 'org_';
/** The organisation's own address: its id says which, and an id is no secret. */
export const intakeLocalPart = (organisationId: OrganisationId): string =>
  `intake+${organisationId.slice(PREFIX.length)}`;
export function organisationOfIntake(detail: string): OrganisationId | undefined {
  return OrganisationId.safeParse(`${PREFIX}${detail}`).data;
}
