import { Command } from 'commander';
import type { CommandEnvironment } from '../command-environment.ts';
import { type ApiOptions, attributeSuspense, listSuspense } from '../commands/suspense.ts';
import { provider, withApi } from './options.ts';

export function suspenseCommands(command: CommandEnvironment): Command {
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
