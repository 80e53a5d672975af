export { program } from './program.ts';
export { providerApiConfig } from './provider-api-config.ts';
