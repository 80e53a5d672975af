import { identifyingReferences } from '../identifying-references.ts';
import { type RecordedEvent, streamParts } from '../ledger-event.ts';
import type { Projection } from '../projection.ts';
import { insertRows, workingRows } from '../table/working-rows.ts';
import { invoiceAfter } from './invoice-after.ts';
import {
  type InvoiceIdRow,
  invoiceIdTable,
  type InvoiceRow,
  invoiceTable,
  invoiceTables,
} from './schema.ts';

type InvoiceKey = Pick<InvoiceRow, 'provider' | 'invoiceId'>;

/** From the stream's name, `invoice-{provider}:{id}`; null for other streams. */
function invoiceOf(recorded: RecordedEvent): InvoiceKey | null {
  const { category, id } = streamParts(recorded.stream);
  const colon = id.indexOf(':');
  return category === 'invoice' && colon > 0
    ? { provider: id.slice(0, colon), invoiceId: id.slice(colon + 1) }
    : null;
}

export const invoicesProjection: Projection = {
  name: 'invoices',
  version: 3,
  tables: invoiceTables,
  tableNames: [invoiceTable.name, invoiceIdTable.name],
  apply: async (batch, session) => {
    const keys = batch.flatMap((recorded) => invoiceOf(recorded) ?? []);
    const invoices = await workingRows(session, invoiceTable, keys);
    const ids: InvoiceIdRow[] = [];
    for (const recorded of batch) {
      const key = invoiceOf(recorded);
      const after = key && invoiceAfter(invoices.get(key), key, recorded);
      if (!after) continue;
      invoices.put(after);
      const { provider, invoiceId } = after;
      for (const externalId of identifyingReferences(after.detail.references))
        ids.push({ provider, externalId, invoiceId });
    }
    await invoices.flush();
    await insertRows(session, invoiceIdTable, ids);
  },
};
