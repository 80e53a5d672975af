import { defineConfig } from 'vitest/config';

// The `source` condition resolves our packages to their TypeScript, so that tests need no build.
export default defineConfig({
  resolve: { conditions: ['source'] },
  ssr: { resolve: { conditions: ['source'] } },
  test: {
    // One PostgreSQL for the run: DATABASE_URL, a local one, or an embedded one.
    globalSetup: ['packages/runtime/src/testing/global-setup.ts'],
    // Most files wait for servers and processes; the default of one worker on two cores would idle.
    maxWorkers: 2,
    // For what hangs. The default of five seconds also ends what a slow disk keeps waiting.
    testTimeout: 20_000,
    include: ['packages/*/src/**/*.test.ts', 'services/*/src/**/*.test.ts', 'test/**/*.test.ts'],
  },
});
