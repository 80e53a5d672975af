import { createRequire } from 'node:module';
import type * as library from '@eventstore/db-client';

type ClientLibrary = typeof library;

const requireModule = createRequire(import.meta.url);

/**
 * Loaded when a first store is made: the client and gRPC take a quarter of a second and 20 MB that
 * nobody should pay whose events are elsewhere.
 */
export const clientLibrary = (): ClientLibrary =>
  requireModule('@eventstore/db-client') as ClientLibrary;
