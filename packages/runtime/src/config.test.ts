import { expect, test } from 'vitest';
import {
  ConfigError,
  defineConfig,
  describeConfig,
  parseConfig,
  requiredVariable,
  variable,
} from './config.ts';
import {
  choiceText,
  flagText,
  integerText,
  listText,
  portText,
  urlText,
} from './config-schemas.ts';

const definition = defineConfig({
  PORT: variable(portText, { default: '4000', meaning: 'The port' }),
  DATABASE_URL: variable(urlText(['postgres', 'postgresql']), {
    default: null,
    defaultMeans: 'embedded',
    meaning: 'PostgreSQL',
    isSecret: true,
  }),
  UNKNOWN_ACCOUNTS: variable(choiceText(['open', 'suspend']), {
    default: 'open',
    meaning: 'Policy',
  }),
  WEBHOOK_SECRETS: variable(listText, { default: '', meaning: 'Secrets', isSecret: true }),
  DEADLINE_MS: variable(integerText({ min: 1, max: 5000 }), {
    default: '800',
    meaning: 'Deadline',
  }),
  TLS: variable(flagText, { default: 'false', meaning: 'TLS' }),
});

test('defaults hold where nothing, or nothing but an empty text, is set', () => {
  expect(parseConfig(definition, { DATABASE_URL: '', PORT: '' })).toEqual({
    PORT: 4000,
    DATABASE_URL: null,
    UNKNOWN_ACCOUNTS: 'open',
    WEBHOOK_SECRETS: [],
    DEADLINE_MS: 800,
    TLS: false,
  });
});

test('what is set is read by its schema', () => {
  const config = parseConfig(definition, {
    PORT: '0',
    DATABASE_URL: 'postgres://somewhere/books',
    WEBHOOK_SECRETS: 'new, old,',
    TLS: 'true',
  });
  expect(config).toMatchObject({
    PORT: 0,
    DATABASE_URL: 'postgres://somewhere/books',
    WEBHOOK_SECRETS: ['new', 'old'],
    TLS: true,
  });
});

const faultsOf = (environment: Readonly<Record<string, string>>): ConfigError => {
  try {
    parseConfig(definition, environment);
  } catch (error) {
    if (error instanceof ConfigError) return error;
  }
  throw new Error('It was accepted');
};

test('one message names every fault', () => {
  const { faults, message } = faultsOf({
    PORT: '99999',
    UNKNOWN_ACCOUNTS: 'maybe',
    DEADLINE_MS: 'soon',
    TLS: 'on',
  });
  expect(faults.map((fault) => fault.variable)).toEqual([
    'PORT',
    'UNKNOWN_ACCOUNTS',
    'DEADLINE_MS',
    'TLS',
  ]);
  expect(message).toContain('PORT: must be between 0 and 65535 (it is "99999")');
  expect(message).toContain('UNKNOWN_ACCOUNTS: must be one of open, suspend (it is "maybe")');
});

test('variables that do not fit each other are named in the same message', () => {
  const between = [{ variable: 'KEYS', message: 'must be as many as SECRETS' }];
  expect(() => parseConfig(definition, { PORT: '99999' }, between)).toThrow(
    /KEYS: must be as many as SECRETS\n {2}PORT: /,
  );
});

test('neither a fault nor the description shows a secret', () => {
  const { message } = faultsOf({ DATABASE_URL: 'mysql://user:hush@host' });
  expect(message).not.toContain('hush');
  const rows = describeConfig(definition, { DATABASE_URL: 'postgres://user:hush@host', PORT: '1' });
  expect(JSON.stringify(rows)).not.toContain('hush');
  expect(rows.slice(0, 2)).toEqual([
    { variable: 'PORT', default: '4000', meaning: 'The port', value: '1' },
    { variable: 'DATABASE_URL', default: 'embedded', meaning: 'PostgreSQL', value: '[set]' },
  ]);
});

test('a required variable that is not set stops the start, and the documentation says required', () => {
  const required = defineConfig({
    KEY: requiredVariable(listText, { meaning: 'The key', isSecret: true }),
  });
  for (const environment of [{}, { KEY: '' }])
    expect(() => parseConfig(required, environment)).toThrow(/KEY: must be set\n/);
  expect(parseConfig(required, { KEY: 'a,b' })).toEqual({ KEY: ['a', 'b'] });
  expect(describeConfig(required)).toMatchObject([{ variable: 'KEY', default: 'required' }]);
});
