export { projectorConfig } from './config.ts';
export { projector } from './projector.ts';
export type { Projector, ProjectorOptions } from './projector.ts';
export { requireWholeLog } from './require-whole-log.ts';
export type { ProjectionLag } from './projection-progress.ts';
