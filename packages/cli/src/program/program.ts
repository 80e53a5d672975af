import { Command } from 'commander';
import type { CommandEnvironment } from '../command-environment.ts';
import { showConfig } from '../commands/config.ts';
import { type EventsOptions, printEvents } from '../commands/events.ts';
import { rebuildModels } from '../commands/rebuild.ts';
import { type SendOptions, send } from '../commands/send.ts';
import { start } from '../commands/start.ts';
import { verifyBooks } from '../commands/verify.ts';
import { type DemoOptions, demo } from '../demo/demo.ts';
import { deadLetterCommands } from './dead-letter-commands.ts';
import { baseUrl, json, provider } from './options.ts';
import { providerCommands } from './provider-commands.ts';
import { quarantineCommands } from './quarantine-commands.ts';
import { refusedCommands } from './refused-commands.ts';
import { simulateCommand } from './simulate-command.ts';
import { suspenseCommands } from './suspense-commands.ts';

/** The `counterfoil` command: each subcommand is a function of what it works with. */
export function program(command: CommandEnvironment): Command {
  const root = new Command('counterfoil')
    .description('An event-sourced ledger for money that moves through several payment providers.')
    .version('0.1.0')
    .showHelpAfterError();
  root
    .command('start')
    .description('start every service in this process, on one port')
    .option('--json', 'print what is ready as one JSON document among the lines of the log')
    .action((options: { json?: boolean }) => start(command, options));
  root
    .command('demo')
    .description("start on a throw-away database and deliver the providers' documented webhooks")
    .option('--once', 'exit when done, 0 only if every check held')
    .option(...json)
    .action((options: DemoOptions) => demo(command, options));
  root.addCommand(simulateCommand(command));
  root
    .command('config')
    .description('every configuration variable, its default and what it is set to')
    .option(...json)
    .action((options: { json?: boolean }) => showConfig(command, options));
  root
    .command('send')
    .description('sign a body as its provider would, and deliver it')
    .argument('<file>', 'the body, its exact bytes')
    .addOption(provider('whose webhook it is').makeOptionMandatory())
    .option('--to <url>', 'the gateway', baseUrl, 'http://127.0.0.1:4000')
    .option('--token <token>', 'the unguessable last path part, where one is configured')
    .option(...json)
    .action((file: string, options: SendOptions) => send(command, file, options));
  root
    .command('events')
    .description('the log in its order')
    .option('--follow', 'go on as the log grows')
    .option('--stream <name>', 'only this stream, such as account-42')
    .option('--types <list>', 'only these event types, with commas')
    .option('--after <position>', 'only what comes after this position')
    .option(...json)
    .action((options: EventsOptions) => printEvents(command, options));
  root
    .command('verify')
    .description(
      'derive the books from the log again and compare every read model; exit 1 on drift',
    )
    .option(...json)
    .action((options: { json?: boolean }) => verifyBooks(command, options));
  root
    .command('rebuild')
    .description('derive read models from the log beside the serving ones, then swap')
    .argument('[model]', 'the read model')
    .option('--all', 'every read model')
    .option(...json)
    .action((model: string | undefined, options: { all?: boolean; json?: boolean }) =>
      rebuildModels(command, model, options),
    );
  root.addCommand(quarantineCommands(command));
  root.addCommand(deadLetterCommands(command));
  root.addCommand(refusedCommands(command));
  root.addCommand(suspenseCommands(command));
  root.addCommand(providerCommands(command));
  return root;
}
