import { readFileSync } from 'node:fs';
import {
  type AccountKind,
  type CanonicalType,
  type ProviderName,
  providerNames,
  type Reference,
} from '@counterfoil/domain';
import { z } from 'zod';

/** The repository's sample bodies, which belong to its tests and are in no package. */
const samplesFolder = new URL('../../../../test/fixtures/samples/', import.meta.url);

const expectationSchema = z.strictObject({
  provider: z.enum(providerNames),
  kind: z.enum(['documented', 'constructed', 'story']),
  dialect: z.string(),
  credential: z.enum(['CM', 'CF', '4A', 'CY', 'SW']).nullable(),
  delivery: z.boolean(),
  emits: z.array(z.string().transform((name) => name as CanonicalType)),
  quarantined: z.literal(true).optional(),
  duplicateOf: z.string().optional(),
  variantOf: z.string().optional(),
  answer: z.array(z.string()).optional(),
  reason: z.string().optional(),
  notes: z.string().optional(),
});

/** A sample body: `emits` is what the adapter makes of it, `answer` what a decision may say. */
export type Sample = Readonly<z.output<typeof expectationSchema> & { path: string }>;

const read = (path: string): Uint8Array => readFileSync(new URL(path, samplesFolder));
const readJson = (path: string): unknown =>
  JSON.parse(readFileSync(new URL(path, samplesFolder), 'utf8'));

/** The exact bytes of a sample, by its path below the samples folder. */
export const readSample = (path: string): Uint8Array => read(path);

const expectations = z.record(z.string(), expectationSchema).parse(readJson('expectations.json'));

/** Every sample body of the repository with what it must become, or those of one provider. */
export const samples = (provider?: ProviderName): readonly Sample[] =>
  Object.entries(expectations)
    .map(([path, expectation]) => ({ path, ...expectation }))
    .filter((sample) => provider === undefined || sample.provider === provider);

const configurationSchema = z.object({
  variables: z.record(z.string(), z.string()),
  vectors: z.record(z.string(), z.string()),
  accounts: z.array(
    z.object({
      accountId: z.string(),
      kind: z.string().transform((kind) => kind as AccountKind),
      references: z.array(z.custom<Reference>()),
    }),
  ),
});

/** Credentials, variables, signature vectors and account references that the samples assume. */
export const sampleConfiguration = configurationSchema.parse(readJson('configuration.json'));

/** A variable of the samples' configuration; its absence is a fault of the fixtures. */
export function sampleVariable(name: string): string {
  const value = sampleConfiguration.variables[name];
  if (value === undefined) throw new Error(`The samples' configuration has no ${name}`);
  return value;
}
