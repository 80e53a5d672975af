export { type BookTexts, sampleStories, type Story } from './demo/sample-stories.ts';
export { program } from './program/program.ts';
export { providerApiConfig } from './provider-api-config.ts';
