export { type StandaloneConfig, standaloneConfig } from './config.ts';
export { type Running, run } from './run.ts';
export { type Standalone, type StandalonePorts, standalone } from './standalone.ts';
