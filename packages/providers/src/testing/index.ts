export { canonicalTypes } from '../wire/canonical-faults.ts';
export {
  sampleReceivedAt,
  signedHeaders,
  signedWebhook,
  verifiedWebhook,
} from './inbound-webhook.ts';
export { sampleAdapters, sampleAmountMax, unboundedAmountMax } from './sample-adapters.ts';
export { readSample, sampleConfiguration, samples, sampleVariable } from './samples.ts';
export type { Sample } from './samples.ts';
export { standInCredentials, standInProviders } from './stand-in-providers.ts';
export type { StandInProviders } from './stand-in-providers.ts';
