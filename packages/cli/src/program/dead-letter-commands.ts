import { Command } from 'commander';
import type { CommandEnvironment } from '../command-environment.ts';
import { listDeadLetters, retryDeadLetters } from '../commands/dead-letter.ts';
import { json } from './options.ts';

export function deadLetterCommands(command: CommandEnvironment): Command {
  const letters = new Command('dead-letter').description('messages that a consumer gave up on');
  const filtered = (subcommand: Command, when: string): Command =>
    subcommand
      .option('--topic <name>', `${when}of this topic`)
      .option('--group <name>', `${when}of this consumer group`)
      .option('--key <key>', `${when}of this key`)
      .option('--type <type>', `${when}of this event type, such as DepositCredited`)
      .option(...json);
  filtered(
    letters.command('list').description('what waits for a person, oldest first, with the reason'),
    'only ',
  ).action((options: Parameters<typeof listDeadLetters>[1]) => listDeadLetters(command, options));
  filtered(
    letters
      .command('retry')
      .description('publish one again as it was, or all; nothing is posted twice')
      .argument('[id]', 'as the list shows it')
      .option('--all', 'every one'),
    'with --all: only ',
  ).action((id: string | undefined, options: Parameters<typeof retryDeadLetters>[2]) =>
    retryDeadLetters(command, id, options),
  );
  return letters;
}
