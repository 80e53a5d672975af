import type { z } from 'zod';
import type { Environment } from './environment.ts';

/** One variable: how its text is read, what it is when unset, and what it means. */
export type Variable<Value> = Readonly<{
  parse: (text: string | undefined) => Parsed<Value>;
  defaultText: string;
  meaning: string;
  isSecret: boolean;
}>;

type Parsed<Value> =
  | Readonly<{ ok: true; value: Value }>
  | Readonly<{ ok: false; messages: readonly string[] }>;

type VariableOptions<Default extends string | null> = Readonly<{
  /** As one would write it in the environment; null: there is no value unless it is set. */
  default: Default;
  /** What the documentation shows for the default, where that says more. */
  defaultMeans?: string;
  meaning: string;
  /** Its value is never shown, neither in faults nor by `describeConfig`. */
  isSecret?: boolean;
}>;

export function variable<Value>(
  schema: z.ZodType<Value, string>,
  options: VariableOptions<string>,
): Variable<Value>;
export function variable<Value>(
  schema: z.ZodType<Value, string>,
  options: VariableOptions<null>,
): Variable<Value | null>;
export function variable<Value>(
  schema: z.ZodType<Value, string>,
  options: VariableOptions<string | null>,
): Variable<Value | null> {
  return {
    defaultText: options.defaultMeans ?? options.default ?? '',
    meaning: options.meaning,
    isSecret: options.isSecret ?? false,
    parse: (given) => {
      // An empty value is what a shell or a compose file gives for "not set".
      const text = given === undefined || given === '' ? options.default : given;
      if (text === null) return { ok: true, value: null };
      const parsed = schema.safeParse(text);
      return parsed.success
        ? { ok: true, value: parsed.data }
        : { ok: false, messages: parsed.error.issues.map((issue) => issue.message) };
    },
  };
}

/** A variable without which the process does not start. */
export function requiredVariable<Value>(
  schema: z.ZodType<Value, string>,
  options: Readonly<{ meaning: string; isSecret?: boolean }>,
): Variable<Value> {
  const optional = variable(schema, { ...options, default: null, defaultMeans: 'required' });
  return {
    ...optional,
    parse: (given) => {
      const parsed = optional.parse(given);
      if (!parsed.ok) return parsed;
      const { value } = parsed;
      return value === null ? { ok: false, messages: ['must be set'] } : { ok: true, value };
    },
  };
}

export type ConfigDefinition = Readonly<Record<string, Variable<unknown>>>;

/** What a definition parses to. */
export type ConfigOf<Definition extends ConfigDefinition> = Readonly<{
  [Name in keyof Definition]: Definition[Name] extends Variable<infer Value> ? Value : never;
}>;

export const defineConfig = <Definition extends ConfigDefinition>(
  definition: Definition,
): Definition => definition;

export type ConfigFault = Readonly<{ variable: string; message: string }>;

/** Its message names every fault and shows no secret. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  readonly faults: readonly ConfigFault[];

  constructor(faults: readonly ConfigFault[]) {
    const lines = faults.map((fault) => `  ${fault.variable}: ${fault.message}`);
    super(
      `The configuration is not usable:\n${lines.join('\n')}\nRun "npx counterfoil config" to see every variable.`,
    );
    this.faults = faults;
  }
}

/**
 * Reads every variable once. Throws one `ConfigError` that names all faults; `faultsBetween` are
 * those of variables that do not fit each other, which no variable can see alone.
 */
export function parseConfig<Definition extends ConfigDefinition>(
  definition: Definition,
  environment: Environment,
  faultsBetween: readonly ConfigFault[] = [],
): ConfigOf<Definition> {
  const faults: ConfigFault[] = [...faultsBetween];
  const values: Record<string, unknown> = {};
  for (const [name, one] of Object.entries(definition)) {
    const parsed = one.parse(environment[name]);
    if (parsed.ok) values[name] = parsed.value;
    else
      faults.push({
        variable: name,
        message: faultMessage(one, environment[name], parsed.messages),
      });
  }
  if (faults.length > 0) throw new ConfigError(faults);
  return values as ConfigOf<Definition>;
}

function faultMessage(
  one: Variable<unknown>,
  text: string | undefined,
  messages: readonly string[],
): string {
  const isShown = !one.isSecret && text !== undefined && text !== '';
  const shown = isShown ? ` (it is ${JSON.stringify(text)})` : '';
  return `${messages.join('; ')}${shown}`;
}

/** A line of `counterfoil config` and of the table in the documentation. */
export type ConfigRow = Readonly<{
  variable: string;
  default: string;
  meaning: string;
  /** As set in `environment`; null when the default holds; a secret is only said to be set. */
  value: string | null;
}>;

export const describeConfig = (
  definition: ConfigDefinition,
  environment: Environment = {},
): readonly ConfigRow[] =>
  Object.entries(definition).map(([name, one]) => ({
    variable: name,
    default: one.defaultText,
    meaning: one.meaning,
    value: shownValue(one, environment[name]),
  }));

function shownValue(one: Variable<unknown>, text: string | undefined): string | null {
  if (text === undefined || text === '') return null;
  return one.isSecret ? '[set]' : text;
}
