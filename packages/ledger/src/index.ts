export {
  accountCategory,
  effectCategory,
  invoiceCategory,
  noticeCategory,
  referenceCategory,
  suspenseCategory,
} from './categories.ts';
export { claimedOwners, foundByClaim } from './claimed-owners.ts';
export {
  booksOf,
  derivedCommandId,
  derivedContext,
  type Ledger,
  ledger,
  sha256Hex,
  type UnknownAccounts,
} from './ledger.ts';
export { type LedgerRequest, ledgerCommands } from './ledger-commands.ts';
export { linkReference, moveToOwner, nameHolder, nameHolderOfTold } from './link-reference.ts';
export { tellIds } from './tell-ids.ts';
export {
  foundBy,
  preparedOwner,
  prepareOwner,
  type ResolvedOwner,
  resolveLatestOwner,
  resolveOwner,
} from './owner-resolution.ts';
export { isOrderReference } from './remembers-holder.ts';
