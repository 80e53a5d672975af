#!/usr/bin/env node
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

// In a fresh checkout `npx counterfoil` comes before anything was built.
const root = fileURLToPath(new URL('../../../', import.meta.url));
const main = new URL('../dist/main.js', import.meta.url);
if (!existsSync(main)) {
  const built = spawnSync(
    process.execPath,
    [`${root}node_modules/typescript/bin/tsc`, '-b', root],
    {
      stdio: ['ignore', 2, 2],
    },
  );
  if (built.status !== 0) process.exit(1);
}
await import(main.href);
