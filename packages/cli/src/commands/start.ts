import { providerNames } from '@counterfoil/domain';
import { run } from '@counterfoil/standalone';
import type { CommandEnvironment } from '../command-environment.ts';

/** The whole system in this process, until a signal stops it. */
export async function start({ environment, signals, output }: CommandEnvironment): Promise<void> {
  const running = await run(environment, { signals });
  const { url, providers, adminApiKey, config } = running;
  output.line(`Counterfoil is ready: ${url}`);
  output.line(`  API         ${url}/v1        (description: ${url}/docs)`);
  if (providers.length > 0)
    output.line(`  webhooks    ${providers.map((name) => `${url}/webhooks/${name}`).join('  ')}`);
  const off = providerNames.filter((name) => !providers.includes(name));
  if (off.length > 0)
    output.line(`  off         ${off.join(', ')}: no credential (npx counterfoil config)`);
  output.line(`  health      ${url}/health/ready   metrics ${url}/metrics`);
  if (adminApiKey.isNew)
    output.line(`  admin key   ${adminApiKey.key}   (kept in ${config.DATA_DIR}/admin-api-key)`);
}
