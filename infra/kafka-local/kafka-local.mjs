#!/usr/bin/env node
// @ts-check
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { brokerStatus, startBroker, stopBroker } from './broker.mjs';
import { fetchJars, lineOf } from './jars.mjs';
import { MissingRequirement } from './missing-requirement.mjs';
import { javaCommand } from './requirements.mjs';

const defaultVersion = '4.1.1';
const defaultPort = 9092;
/** Tells a caller that this machine cannot run a broker, as opposed to a broker that failed. */
const missingExitCode = 3;

const usage = `A Kafka broker on this machine, without Docker (needs Java 17 and Maven).

  node infra/kafka-local/kafka-local.mjs fetch    fetch the jars
  node infra/kafka-local/kafka-local.mjs start    start, and wait until it takes requests
  node infra/kafka-local/kafka-local.mjs stop     stop; --kill ends it as kill -9 does
  node infra/kafka-local/kafka-local.mjs status   say whether it runs

  --version  ${defaultVersion} (or another 4.x.y, or 3.9.x)
  --data     the folder of its data, .counterfoil/kafka/<version>/data
  --port     ${defaultPort}; 0 takes a free one; a folder keeps its port
  --advertised-port  where clients are told to come, such as a proxy's; the broker's own
  --secure   at the first start: also a listener with TLS and passwords, for tests
  --json     print one line of JSON`;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    version: { type: 'string', default: defaultVersion },
    data: { type: 'string' },
    port: { type: 'string' },
    'advertised-port': { type: 'string' },
    kill: { type: 'boolean', default: false },
    secure: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});
const root = join(dirname(fileURLToPath(import.meta.url)), '../..');
const data = resolve(values.data ?? join(root, '.counterfoil/kafka', values.version, 'data'));

/**
 * @param {object} answer
 * @param {string} text
 */
const say = (answer, text) =>
  process.stdout.write(`${values.json ? JSON.stringify(answer) : text}\n`);

/** @type {Readonly<Record<string, () => Promise<void>>>} */
const commands = {
  fetch: async () => {
    javaCommand();
    const folder = fetchJars(lineOf(values.version));
    say({ folder }, `Kafka ${values.version} is in ${folder}`);
  },
  start: async () => {
    const startedAt = performance.now();
    const known = await brokerStatus(data);
    const broker = await startBroker({
      version: values.version,
      data,
      port: values.port === undefined ? (known?.port ?? defaultPort) : portOf('port', values.port),
      advertisedPort:
        values['advertised-port'] === undefined
          ? undefined
          : portOf('advertised-port', values['advertised-port']),
      isSecure: values.secure,
    });
    const startMs = Math.round(performance.now() - startedAt);
    say(
      { ...broker, startMs },
      `Kafka ${broker.version} takes requests on ${broker.brokers} (process ${broker.pid}, ${startMs} ms)`,
    );
  },
  stop: async () => {
    const isStopped = await stopBroker({ data, isKilled: values.kill });
    say({ isStopped }, isStopped ? 'stopped' : 'nothing was running');
  },
  status: async () => {
    const status = await brokerStatus(data);
    say(status ?? { isRunning: false }, describe(status));
    if (!status?.isReady) process.exitCode = 1;
  },
};

/** @param {import('./broker.mjs').BrokerStatus | null} status */
function describe(status) {
  if (!status?.isRunning) return `no broker runs on ${data}`;
  const state = status.isReady ? 'takes requests' : 'is starting';
  return `Kafka ${status.version} ${state} on ${status.brokers} (process ${status.pid})`;
}

/**
 * @param {string} option
 * @param {string} text
 */
function portOf(option, text) {
  const port = /^\d{1,5}$/.test(text) ? Number.parseInt(text, 10) : -1;
  if (port < 0 || port > 65_535) throw new Error(`--${option} ${text} is no port.`);
  return port;
}

const command = commands[positionals[0] ?? ''];
if (values.help || !command) {
  process.stdout.write(`${usage}\n`);
  process.exit(values.help ? 0 : 2);
}
try {
  await command();
} catch (error) {
  const isMissing = error instanceof MissingRequirement;
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = isMissing ? missingExitCode : 1;
}
