import { simulatedProviders } from '@counterfoil/provider-simulator';
import { Command, Option } from 'commander';
import type { CommandEnvironment } from '../command-environment.ts';
import { simulate, type SimulateOptions } from '../commands/simulate.ts';
import { baseUrl, json, numberFrom } from './options.ts';

/** As many deliveries a second as one process can send and still measure. */
const rateMax = 5_000;
const minutesMax = 24 * 60;

const percent = numberFrom(0, 100);

export const simulateCommand = (command: CommandEnvironment): Command =>
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
    .option('--to <url>', 'a running system; by default one that is thrown away', baseUrl)
    .option('--api-key <key>', 'with --to: a key that may do everything (else ADMIN_API_KEY)')
    .option('--duplicates <percent>', 'deliveries that come again', percent, 5)
    .option('--reordered <percent>', 'deliveries that later ones overtake', percent, 5)
    .option('--late <percent>', 'deliveries that come after all others', percent, 0)
    .option('--corrupt <percent>', 'deliveries that cannot be read, or were altered', percent, 1)
    .option('--lost <percent>', 'deliveries that never come', percent, 0)
    .option('--time-factor <n>', "shortens the providers' waits", numberFrom(1, 1e6), 100)
    .option(...json)
    .action((options: SimulateOptions) => simulate(command, options));
