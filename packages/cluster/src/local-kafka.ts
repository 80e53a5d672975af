import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

export type LocalKafka = Readonly<{ brokers: string; version: string; stop: () => Promise<void> }>;

const script = fileURLToPath(
  new URL('../../../infra/kafka-local/kafka-local.mjs', import.meta.url),
);
/** With it the script says that this machine lacks what a broker needs. */
const missingExitCode = 3;

/**
 * A broker of our own with its data in `folder`, or why there can be none on this machine. The first
 * start fetches its jars. Rejects when a broker that could run did not start.
 */
export async function localKafka(
  folder: string,
  onLine: (line: string) => void,
): Promise<LocalKafka | Readonly<{ missing: string }>> {
  const started = await run(['start', '--json', '--data', folder, '--port', '0'], onLine);
  if (started.code === missingExitCode) return { missing: started.faults.trim() };
  if (started.code !== 0) throw new Error(`The local Kafka did not start: ${started.faults}`);
  const { brokers, version } = JSON.parse(started.output) as { brokers: string; version: string };
  return {
    brokers,
    version,
    stop: async () => void (await run(['stop', '--data', folder], onLine)),
  };
}

type Outcome = Readonly<{ code: number | null; output: string; faults: string }>;

/** In a session of its own, so that Ctrl-C does not stop the broker under the services' feet. */
function run(words: readonly string[], onLine: (line: string) => void): Promise<Outcome> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [script, ...words], {
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    });
    let [output, faults] = ['', ''];
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      faults += text;
      for (const line of text.split('\n')) if (line.trim() !== '') onLine(line);
    });
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, output, faults }));
  });
}
