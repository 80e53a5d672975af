import { type Instant, parseInstant, providerNames } from '@counterfoil/domain';
import { simulatedProviders } from '@counterfoil/provider-simulator';
import { Command, InvalidArgumentError, Option } from 'commander';
import type { CommandEnvironment } from './command-environment.ts';
import { showConfig } from './commands/config.ts';
import { listDeadLetters, retryDeadLetters } from './commands/dead-letter.ts';
import { type EventsOptions, printEvents } from './commands/events.ts';
import {
  fetchMissed,
  managedProviders,
  registerWebhook,
  removeWebhook,
  rotateSecret,
  showWebhooks,
} from './commands/provider.ts';
import { listQuarantine, showQuarantined } from './commands/quarantine.ts';
import { rebuildModels } from './commands/rebuild.ts';
import { listRefused, retryRefused } from './commands/refused.ts';
import { retryQuarantine } from './commands/retry-quarantine.ts';
import { type SendOptions, send } from './commands/send.ts';
import { simulate, type SimulateOptions } from './commands/simulate.ts';
import { start } from './commands/start.ts';
import { type ApiOptions, attributeSuspense, listSuspense } from './commands/suspense.ts';
import { verifyBooks } from './commands/verify.ts';
import { type DemoOptions, demo } from './demo/demo.ts';

const json = ['--json', 'print JSON on stdout and nothing else there'] as const;

const provider = (meaning: string) =>
  new Option('--provider <name>', meaning).choices(providerNames);

/** The `counterfoil` command: each subcommand is a function of what it works with. */
export function program(command: CommandEnvironment): Command {
  const root = new Command('counterfoil')
    .description('An event-sourced ledger for money that moves through several payment providers.')
    .version('0.1.0')
    .showHelpAfterError();
  root
    .command('start')
    .description('start every service in this process, on one port')
    .action(() => start(command));
  root
    .command('demo')
    .description("start on a throw-away database and deliver the providers' documented webhooks")
    .option('--once', 'exit when done, 0 only if every check held')
    .option(...json)
    .action((options: DemoOptions) => demo(command, options));
  root.addCommand(simulation(command));
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
    .option('--to <url>', 'the gateway', 'http://127.0.0.1:4000')
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

function deadLetterCommands(command: CommandEnvironment): Command {
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

const withApi = (subcommand: Command): Command =>
  subcommand
    .option('--to <url>', 'the API', 'http://127.0.0.1:4000')
    .option('--api-key <key>', 'a key that may do this (else ADMIN_API_KEY)')
    .option(...json);

const instantOf = (text: string): Instant => {
  const at = parseInstant(text);
  if (at !== null) return at;
  throw new InvalidArgumentError('It must be a date and time, such as 2026-04-02T00:00:00Z.');
};

function quarantineCommands(command: CommandEnvironment): Command {
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

function refusedCommands(command: CommandEnvironment): Command {
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

function suspenseCommands(command: CommandEnvironment): Command {
  const suspense = new Command('suspense').description('money that waits for its owner');
  withApi(suspense.command('list').description('what waits, with the reason'))
    .addOption(provider('only of this provider'))
    .action((options: Parameters<typeof listSuspense>[1]) => listSuspense(command, options));
  withApi(suspense.command('attribute').description('say whose it is; it moves by events'))
    .argument('<id>', 'as the list shows it')
    .argument('<accountId>', 'the account that it belongs to')
    .action((id: string, accountId: string, options: ApiOptions) =>
      attributeSuspense(command, id, accountId, options),
    );
  return suspense;
}

function providerCommands(command: CommandEnvironment): Command {
  const providers = new Command('provider').description('our webhooks, as a provider knows them');
  for (const name of managedProviders) {
    const managed = providers.command(name).description(`the webhooks of ${name}`);
    managed
      .command('register')
      .description('tell the provider where our webhooks go')
      .requiredOption('--url <url>', 'https URL of our gateway for this provider')
      .option('--events <names>', 'with commas, where the provider lets one choose; else all')
      .option(...json)
      .action((options: Parameters<typeof registerWebhook>[2]) =>
        registerWebhook(command, name, options),
      );
    managed
      .command('status')
      .description('what is registered; exit 1 where nothing is, or it is switched off')
      .option(...json)
      .action((options: { json?: boolean }) => showWebhooks(command, name, options));
    managed
      .command('rotate')
      .description('let another secret sign from now on')
      .option('--url <url>', 'of the webhook, where several are registered')
      .option(...json)
      .action((options: Parameters<typeof rotateSecret>[2]) =>
        rotateSecret(command, name, options),
      );
    managed
      .command('remove')
      .description('let the provider send nothing there any more')
      .argument('[id]', 'as status shows it')
      .option(...json)
      .action((id: string | undefined, options: { json?: boolean }) =>
        removeWebhook(command, name, id, options),
      );
    managed
      .command('missed')
      .description('take what the provider could not deliver; nothing is posted twice')
      .option('--since <instant>', 'by default the last day')
      .option(...json)
      .action((options: Parameters<typeof fetchMissed>[2]) => fetchMissed(command, name, options));
  }
  return providers;
}

/** As many deliveries a second as one process can send and still measure. */
const rateMax = 5_000;
const minutesMax = 24 * 60;

const numberFrom =
  (least: number, most: number) =>
  (text: string): number => {
    const value = Number(text);
    if (text.trim() !== '' && value >= least && value <= most) return value;
    throw new InvalidArgumentError(`It must be a number from ${least} to ${most}.`);
  };

const percent = numberFrom(0, 100);

const simulation = (command: CommandEnvironment): Command =>
  new Command('simulate')
    .description('play providers against a system and check that its books equal what they did')
    .addOption(
      new Option('--provider <name>', 'whom to play')
        .choices(['all', ...simulatedProviders])
        .default('all'),
    )
    .option('--rate <n>', 'deliveries a second', numberFrom(0.1, rateMax), 200)
    .option('--minutes <n>', 'how long', numberFrom(0.01, minutesMax), 1)
    .option('--seed <n>', 'the same seed tells the same stories', numberFrom(0, 2 ** 32 - 1), 7)
    .option('--run <text>', 'part of every id; by default a new one for each run')
    .option('--to <url>', 'a running system; by default one that is thrown away')
    .option('--api-key <key>', 'with --to: a key that may do everything (else ADMIN_API_KEY)')
    .option('--duplicates <percent>', 'deliveries that come again', percent, 5)
    .option('--reordered <percent>', 'deliveries that later ones overtake', percent, 5)
    .option('--late <percent>', 'deliveries that come after all others', percent, 0)
    .option('--corrupt <percent>', 'deliveries that cannot be read, or were altered', percent, 1)
    .option('--lost <percent>', 'deliveries that never come', percent, 0)
    .option('--time-factor <n>', "shortens the providers' waits", numberFrom(1, 1e6), 100)
    .option(...json)
    .action((options: SimulateOptions) => simulate(command, options));
