import { createHash } from 'node:crypto';
import { type CommandId, commandId } from '@counterfoil/domain';
import type { IdempotentRequest } from './idempotency-keys.ts';

/**
 * The same request under the same key is the same command, also after a crash and after the stored
 * answer has expired: the ledger then refuses its events as duplicates. A UUID of version 8.
 */
export function commandIdOf(request: IdempotentRequest): CommandId {
  const { apiKeyId, idempotencyKey, requestSha256 } = request;
  const name = JSON.stringify([apiKeyId, idempotencyKey, requestSha256]);
  const hex = createHash('sha256').update(name, 'utf8').digest('hex');
  const parts = [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `8${hex.slice(13, 16)}`,
    `8${hex.slice(17, 20)}`,
    hex.slice(20, 32),
  ];
  return commandId(parts.join('-'));
}
