#!/usr/bin/env node
// `npx counterfoil` in a checkout where nothing is installed yet; later the workspace's own is found.
import { fileURLToPath } from 'node:url';
import { prepare } from './prepare.mjs';

const calledFrom = process.cwd();
process.chdir(fileURLToPath(new URL('..', import.meta.url)));
prepare({ build: true });
process.chdir(calledFrom);
await import('../packages/cli/bin/counterfoil.js');
