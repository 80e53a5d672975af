import { Command } from 'commander';
import type { CommandEnvironment } from '../command-environment.ts';
import { listRefused, retryRefused } from '../commands/refused.ts';
import { json, provider } from './options.ts';

export function refusedCommands(command: CommandEnvironment): Command {
  const refused = new Command('refused').description(
    'webhooks whose credential was missing or wrong',
  );
  const ofProvider = (subcommand: Command): Command =>
    subcommand.addOption(provider('only of this provider')).option(...json);
  ofProvider(refused.command('list'))
    .description('what is kept, the oldest first')
    .action((options: Parameters<typeof listRefused>[1]) => listRefused(command, options));
  ofProvider(refused.command('retry'))
    .description('after a secret was corrected: take what it vouches for, as if it came now')
    .action((options: Parameters<typeof retryRefused>[1]) => retryRefused(command, options));
  return refused;
}
