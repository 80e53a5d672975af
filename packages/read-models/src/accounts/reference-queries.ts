import type { SqlSession } from '@counterfoil/runtime';

export type ReferenceText = Readonly<{ provider: string; kind: string; externalId: string }>;

/** An account with more references shows the first of them; their number has no bound in the books. */
const referencesShownMax = 200;

/** Every reference with the account it belongs to now, by a link, by its holder, or by use. */
export const ownedReferences = `
  select named.provider, named.kind, named.external_id,
    coalesce(named.linked_account_id, holder.linked_account_id, holder.used_account_id,
      named.used_account_id) as account_id,
    named.linked_account_id is not null as is_linked
  from read_accounts.account_references as named
  left join read_accounts.account_references as holder
    on holder.provider = named.provider and holder.kind = named.holder_kind
    and holder.external_id = named.holder_external_id`;

/**
 * In the order provider, kind, id. Orders and invoices name the account too, by the hundred; they
 * have lists of their own, and only an invoice that someone linked is shown here.
 */
export async function referencesOfAccounts(
  session: SqlSession,
  accountIds: readonly string[],
): Promise<ReadonlyMap<string, readonly ReferenceText[]>> {
  const { rows } = await session.query(
    `select provider, kind, external_id, account_id from (
       select owned.*, row_number() over
         (partition by account_id order by provider, kind, external_id) as place
       from (${ownedReferences}
         where named.linked_account_id = any($1::text[]) or named.used_account_id = any($1::text[])
           or holder.linked_account_id = any($1::text[]) or holder.used_account_id = any($1::text[])
       ) as owned
       where account_id = any($1::text[]) and kind not in ('payout', 'withdrawal')
         and (kind <> 'invoice' or is_linked)) as numbered
     where place <= $2 order by provider, kind, external_id`,
    [accountIds, referencesShownMax],
  );
  const references = new Map<string, ReferenceText[]>();
  for (const row of rows) {
    const owner = String(row['account_id']);
    const shown = references.get(owner) ?? [];
    shown.push({
      provider: String(row['provider']),
      kind: String(row['kind']),
      externalId: String(row['external_id']),
    });
    references.set(owner, shown);
  }
  return references;
}
