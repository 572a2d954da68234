import { describe, expect, it } from 'vitest';
import { ore } from '../../../lambdas/features/billing/money.ts';
import { totalsOf } from '../../../lambdas/features/billing/rating.ts';
import { credited } from '../../../lambdas/features/invoices/decisions.ts';
import type { Invoice } from '../../../lambdas/features/invoices/invoice.ts';
import { anId } from '../../support/store.ts';
import { anIssuedInvoice } from './sample.ts';

describe('parts of a line', () => {
  it('are never more than the line together, however often rounding goes up', () => {
    const issued = anIssuedInvoice();
    const line = { ...issued.lines[0]!, number: 1, quantityThousandths: 2_000, unitPriceOre: ore(1), netOre: ore(2) };
    let invoice: Invoice = { ...issued, lines: [line], totals: totalsOf([line]) };
    const nets: number[] = [];
    // A half of an øre is one each time.
    for (let part = 0; part < 4; part++) {
      const wanted = { reason: 'Halvt', lines: [{ line: 1, quantityThousandths: 500 }] };
      const after = credited(invoice, wanted, anId('ivc'), '2026-11-20');
      nets.push(after.creditNote.totals.netOre);
      invoice = after.invoice;
    }
    expect(nets).toEqual([1, 1, 0, 0]);
    expect(invoice.state).toBe('credited');
  });
});
