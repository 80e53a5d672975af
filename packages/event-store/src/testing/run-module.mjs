// Runs `main` of a TypeScript module in a process of its own, without a build: for tests that need
// several processes. Arguments: the module's path, and JSON for `main`, whose result is printed.
import { createViteServer } from 'vitest/node';

const [file, input] = process.argv.slice(2);
const server = await createViteServer({
  configFile: false,
  logLevel: 'error',
  appType: 'custom',
  server: { middlewareMode: true, watch: null, hmr: false, ws: false },
  optimizeDeps: { noDiscovery: true },
  ssr: { resolve: { conditions: ['source'] } },
});
try {
  const { main } = await server.ssrLoadModule(file);
  process.stdout.write(JSON.stringify(await main(JSON.parse(input))));
} finally {
  await server.close();
}
