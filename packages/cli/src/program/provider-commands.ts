import { Command } from 'commander';
import type { CommandEnvironment } from '../command-environment.ts';
import {
  fetchMissed,
  managedProviders,
  registerWebhook,
  removeWebhook,
  rotateSecret,
  showWebhooks,
} from '../commands/provider.ts';
import { json } from './options.ts';

export function providerCommands(command: CommandEnvironment): Command {
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
