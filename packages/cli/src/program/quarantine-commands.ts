import { Command } from 'commander';
import type { CommandEnvironment } from '../command-environment.ts';
import { listQuarantine, showQuarantined } from '../commands/quarantine.ts';
import { retryQuarantine } from '../commands/retry-quarantine.ts';
import { instantOf, json, provider } from './options.ts';

export function quarantineCommands(command: CommandEnvironment): Command {
  const quarantine = new Command('quarantine').description(
    'webhooks that are authentic and were not understood',
  );
  const filtered = (subcommand: Command): Command =>
    subcommand
      .addOption(provider('only of this provider'))
      .option('--code <code>', 'only with this reason')
      .option('--from <instant>', 'only what was received at this time or later', instantOf)
      .option('--to <instant>', 'only what was received before this time', instantOf)
      .option(...json);
  filtered(quarantine.command('list'))
    .description('what lies there, the latest first, with the reason')
    .action((options: Parameters<typeof listQuarantine>[1]) => listQuarantine(command, options));
  quarantine
    .command('show')
    .description('one delivery with its reason and its body')
    .argument('<id>', 'as the list shows it')
    .option(...json)
    .action((id: string, options: { json?: boolean }) => showQuarantined(command, id, options));
  filtered(quarantine.command('retry'))
    .description('translate one delivery again, or several, or all; nothing is posted twice')
    .argument('[id]', 'the delivery')
    .option('--all', 'every one')
    .action((id: string | undefined, options: Parameters<typeof retryQuarantine>[2]) =>
      retryQuarantine(command, id, options),
    );
  return quarantine;
}
