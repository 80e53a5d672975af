import type { SqlSession } from '@counterfoil/runtime';
import { type ApiKey, isSecret, keyParts, secretDigest } from './api-key.ts';
import { isScope, scopes } from './scope.ts';

/** Who a presented key belongs to; null when it is wrong, unknown or revoked. Rejects on a fault. */
export type ApiKeys = (presented: string) => Promise<ApiKey | null>;

/** The bootstrap key, with every scope, and the keys of the table. */
export function apiKeys(options: Readonly<{ database: SqlSession; adminApiKey: string }>): ApiKeys {
  const admin: ApiKey = { keyId: 'admin', name: 'admin', scopes };
  const adminDigest = secretDigest(options.adminApiKey);
  return async (presented) => {
    if (isSecret(presented, adminDigest)) return admin;
    const parts = keyParts(presented);
    return parts === null ? null : storedKey(options.database, parts);
  };
}

async function storedKey(
  database: SqlSession,
  { keyId, secret }: Readonly<{ keyId: string; secret: string }>,
): Promise<ApiKey | null> {
  const { rows } = await database.query(
    `select name, secret_sha256, array_to_string(scopes, ' ') as scopes
     from counterfoil_api.api_keys where key_id = $1 and revoked_at is null`,
    [keyId],
    { name: 'find_api_key' },
  );
  const row = rows[0];
  if (row === undefined || !(row['secret_sha256'] instanceof Uint8Array)) return null;
  if (!isSecret(secret, row['secret_sha256'])) return null;
  return {
    keyId,
    name: String(row['name']),
    scopes: String(row['scopes']).split(' ').filter(isScope),
  };
}
