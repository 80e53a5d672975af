import type { Review, Ruling } from '../account/messages.ts';
import type { PersistentMap } from '../persistent-map.ts';
import type { InvoiceStatus } from './messages.ts';

/** What later facts are compared with. */
export type Seen = Readonly<{
  proves: InvoiceStatus | null;
  /** Compliance refused the deposits. */
  isDeclined: boolean;
  /** Those it is about; none where it does not say. */
  depositIds: readonly string[];
  deliveryId: string;
}>;

export type Invoice = Readonly<{
  status: InvoiceStatus | null;
  /** Everything that happened to the invoice, by event id: a repeat is told from a new fact. */
  seen: PersistentMap<Seen>;
  reviews: PersistentMap<Review>;
  /** By review id; a repeat of the ruling is told from another one. */
  resolved: PersistentMap<Ruling>;
}>;
