import * as z from 'zod';
import { CustomerId, InvoiceId, OrganisationId } from '../../http/ids.ts';
import { Ore } from '../billing/money.ts';
import { PlainDate } from '../people/person.ts';
import { Period } from '../price-lists/price-list.ts';
import { outstandingOre } from './decisions.ts';
import { Invoice, invoiceStates } from './invoice.ts';

export const InvoiceView = z
  .strictObject({
    ...Invoice.shape,
    version: z.int().min(1),
    outstandingOre: Ore.meta({
      description: 'Still to be paid, with the fees of its reminders; below nought: paid too much.',
    }),
  })
  .meta({ id: 'Invoice', description: 'Amounts are in øre, quantities in thousandths.' });
export const viewOf = (invoice: Invoice, version: number): z.output<typeof InvoiceView> => ({
  ...invoice,
  version,
  outstandingOre: outstandingOre(invoice),
});

export const InvoiceRow = z
  .strictObject({
    id: InvoiceId,
    kind: Invoice.shape.kind,
    state: z.enum(invoiceStates),
    recipientId: z.union([OrganisationId, CustomerId]),
    payableOre: Ore,
    period: Period.optional(),
    number: z.int().min(1).optional(),
    dueOn: PlainDate.optional(),
  })
  .meta({ id: 'InvoiceRow' });
