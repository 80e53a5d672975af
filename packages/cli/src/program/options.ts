import { type Instant, parseInstant, providerNames } from '@counterfoil/domain';
import { type Command, InvalidArgumentError, Option } from 'commander';

/** What several subcommands are told in the same way. */
export const json = ['--json', 'print JSON on stdout and nothing else there'] as const;

export const provider = (meaning: string) =>
  new Option('--provider <name>', meaning).choices(providerNames);

/** An address that paths are appended to, which begin with a slash of their own. */
export const baseUrl = (text: string): string => text.replace(/\/+$/, '');

export const withApi = (subcommand: Command): Command =>
  subcommand
    .option('--to <url>', 'the API', baseUrl, 'http://127.0.0.1:4000')
    .option('--api-key <key>', 'a key that may do this (else ADMIN_API_KEY)')
    .option(...json);

export const instantOf = (text: string): Instant => {
  const at = parseInstant(text);
  if (at !== null) return at;
  throw new InvalidArgumentError('It must be a date and time, such as 2026-04-02T00:00:00Z.');
};

export const numberFrom =
  (least: number, most: number) =>
  (text: string): number => {
    const value = Number(text);
    if (text.trim() !== '' && value >= least && value <= most) return value;
    throw new InvalidArgumentError(`It must be a number from ${least} to ${most}.`);
  };
