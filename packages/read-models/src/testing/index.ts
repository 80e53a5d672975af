export { listedStore } from './listed-store.ts';
export { projectLog, rowsOf } from './project-log.ts';
export { sampleLog } from './sample-log.ts';
export type { SampleLog } from './sample-log.ts';
