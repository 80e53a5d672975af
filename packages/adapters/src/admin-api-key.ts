import { randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** `isNew`: it was made by this start, and is shown once. */
export type AdminApiKey = Readonly<{ key: string; isNew: boolean }>;

/** The configured key, else the one kept in the data folder, else a new one, readable by its owner only. */
export function adminApiKey(configured: string | null, dataDir: string): AdminApiKey {
  if (configured !== null) return { key: configured, isNew: false };
  const file = join(dataDir, 'admin-api-key');
  const kept = readKept(file);
  if (kept !== null) return { key: kept, isNew: false };
  const key = `cf_admin.${randomBytes(32).toString('base64url')}`;
  mkdirSync(dataDir, { recursive: true });
  writeFileSync(file, key, { mode: 0o600 });
  return { key, isNew: true };
}

function readKept(file: string): string | null {
  try {
    return readFileSync(file, 'utf8').trim() || null;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw new Error(`Cannot read ${file}`, { cause: error });
  }
}
