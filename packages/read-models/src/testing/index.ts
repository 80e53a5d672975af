export { listedStore } from './listed-store.ts';
export { projectLog, rowsOf } from './project-log.ts';
export { effect, funded, moneyOf, opened, sampleLog, usd } from './sample-log.ts';
export type { SampleLog } from './sample-log.ts';
export { emptyModels, withModels } from './with-models.ts';
