// `npm run cluster`: prepares the checkout, then runs one process per service until Ctrl-C.
import { prepare } from './prepare.mjs';

prepare({ build: true });
await import('../packages/cluster/dist/main.js');
