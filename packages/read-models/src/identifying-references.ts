import { externalIdLengthMax, namesId } from '@counterfoil/domain';

/** References that name who or where, not the thing itself. */
const others: ReadonlySet<string> = new Set([
  'accountId',
  'batchId',
  'cardId',
  'clientId',
  'customerId',
  'purseId',
  'requestId',
  'walletId',
]);

/**
 * The ids among an event's references by which its invoice or order may be asked for. What a
 * provider uses with several of them is told apart when someone asks. A longer text than any id
 * is none: nobody could ask for it, and no index would take it.
 */
export const identifyingReferences = (
  references: Readonly<Record<string, string>>,
): readonly string[] => [
  ...new Set(
    Object.entries(references)
      .filter(([name]) => namesId(name) && !others.has(name))
      .map(([, id]) => id)
      .filter((id) => id.length <= externalIdLengthMax),
  ),
];
