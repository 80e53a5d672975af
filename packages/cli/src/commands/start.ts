import { providerNames } from '@counterfoil/domain';
import { type Running, run } from '@counterfoil/standalone';
import type { CommandEnvironment } from '../command-environment.ts';
import type { Output } from '../output.ts';

/** The whole system in this process, until a signal stops it. */
export async function start(
  { environment, signals, output }: CommandEnvironment,
  options: Readonly<{ json?: boolean }> = {},
): Promise<void> {
  const running = await run(environment, { signals });
  if (options.json) output.json(readyDocument(running));
  else printReady(output, running);
}

const offProviders = ({ providers }: Running) =>
  providerNames.filter((name) => !providers.includes(name));

/** The same as the lines: the key only where nobody could know it. */
function readyDocument(running: Running): object {
  const { url, providers, adminApiKey } = running;
  return {
    ready: true,
    url,
    api: `${url}/v1`,
    webhooks: Object.fromEntries(providers.map((name) => [name, `${url}/webhooks/${name}`])),
    off: offProviders(running),
    adminApiKey: adminApiKey.isNew ? adminApiKey.key : null,
  };
}

function printReady(output: Output, running: Running): void {
  const { url, providers, adminApiKey, config } = running;
  output.line(`Counterfoil is ready: ${url}`);
  output.line(`  API         ${url}/v1        (description: ${url}/docs)`);
  if (providers.length > 0)
    output.line(`  webhooks    ${providers.map((name) => `${url}/webhooks/${name}`).join('  ')}`);
  const off = offProviders(running);
  if (off.length > 0)
    output.line(`  off         ${off.join(', ')}: no credential (npx counterfoil config)`);
  output.line(`  health      ${url}/health/ready   metrics ${url}/metrics`);
  if (adminApiKey.isNew)
    output.line(`  admin key   ${adminApiKey.key}   (kept in ${config.DATA_DIR}/admin-api-key)`);
}
