import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const script = fileURLToPath(
  new URL('../../../../infra/kafka-local/kafka-local.mjs', import.meta.url),
);
const missingExitCode = 3;

/** Which brokers tests run against: both lines with `KAFKA_LINES=all`. */
export const kafkaLines = (): readonly string[] =>
  process.env['KAFKA_LINES'] === 'all' ? ['3.9.1', '4.1.1'] : ['4.1.1'];

/** A broker of a test run, on a port of its own, with data that go with it. */
export type LocalKafka = Readonly<{
  version: string;
  brokers: readonly string[];
  /** The same broker with TLS and passwords: `ca` is the path of what to trust. */
  secure: Readonly<{ brokers: string; ca: string; username: string; password: string }>;
  /** How long it took from the command until it took requests. */
  startMs: number;
  /** Ends it as `kill -9` does. */
  kill: () => Promise<void>;
  stop: () => Promise<void>;
  /** On the same port and data. */
  start: () => Promise<void>;
  remove: () => Promise<void>;
}>;

/** Null when a broker can run here, else what is missing. Fetches the jars when they are not here yet. */
export async function missingForKafka(version: string): Promise<string | null> {
  const { code, output } = await run(['fetch', '--version', version]);
  if (code === 0) return null;
  if (code === missingExitCode) return output.trim();
  throw new Error(`Kafka ${version} could not be fetched: ${output}`);
}

/** `ports`: of its own choice unless given; `advertised` is where its clients are told to come. */
export async function localKafka(
  version: string,
  ports: Readonly<{ own: number; advertised: number }> | null = null,
): Promise<LocalKafka> {
  const data = await mkdtemp(join(tmpdir(), 'counterfoil-kafka-'));
  const command = async (...options: string[]): Promise<string> => {
    const { code, output } = await run([...options, '--version', version, '--data', data]);
    if (code !== 0) throw new Error(`kafka-local ${options.join(' ')} failed: ${output}`);
    return output;
  };
  const portOptions = ports
    ? ['--port', String(ports.own), '--advertised-port', String(ports.advertised)]
    : ['--port', '0'];
  const start = () => command('start', ...portOptions, '--secure', '--json');
  const { brokers, startMs, secure } = JSON.parse(await start()) as Readonly<{
    brokers: string;
    startMs: number;
    secure: LocalKafka['secure'];
  }>;
  return {
    version,
    brokers: [brokers],
    startMs,
    secure,
    start: async () => void (await start()),
    stop: async () => void (await command('stop')),
    kill: async () => void (await command('stop', '--kill')),
    remove: async () => {
      await command('stop', '--kill');
      await rm(data, { recursive: true, force: true });
    },
  };
}

function run(options: readonly string[]): Promise<Readonly<{ code: number; output: string }>> {
  return new Promise((resolve) => {
    execFile(process.execPath, [script, ...options], (error, stdout, stderr) => {
      const code = typeof error?.code === 'number' ? error.code : 1;
      resolve({ code: error ? code : 0, output: `${stdout}${error ? stderr : ''}` });
    });
  });
}
