// @ts-check
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { isBrokerReady } from './ask-broker.mjs';
import { fetchJars, lineOf } from './jars.mjs';
import { javaCommand } from './requirements.mjs';
import { scramFlags, secureListener } from './secure-listener.mjs';
import { serverProperties } from './server-properties.mjs';

/** Any text of 22 characters in base64 will do: this cluster meets no other. */
const clusterId = 'Y291bnRlcmZvaWwtbG9jYQ';
const memoryFlags = ['-Xms256m', '-Xmx512m', '-XX:+UseG1GC', '-XX:TieredStopAtLevel=1'];
const otherFlags = ['-Xshare:auto', '-Djava.awt.headless=true'];
/** Three to six seconds on an idle machine; a busy one is given time. */
const startTimeoutMs = 120_000;
const formatTimeoutMs = 60_000;
/** A broker that is asked to stop hands over its partitions first; there is nobody to take them. */
const stopTimeoutMs = 15_000;
const askEveryMs = 100;

/**
 * What is remembered of a data folder, so that a restart is the same broker on the same port.
 *
 * @typedef {import('./secure-listener.mjs').SecureListener} SecureListener
 * @typedef {{
 *   version: string, port: number, advertisedPort: number, controllerPort: number, pid: number,
 *   secure: SecureListener | null,
 * }} Remembered
 * @typedef {Remembered & { brokers: string, isRunning: boolean, isReady: boolean }} BrokerStatus
 */

/**
 * Starts the broker of a data folder, or finds it running, and resolves when it takes requests.
 * The folder is formatted the first time and used as it is from then on, also after a kill.
 * `isSecure` counts that first time: a listener with TLS and passwords, on a free port.
 *
 * @param {{
 *   version: string, data: string, port?: number | undefined, advertisedPort?: number | undefined,
 *   isSecure?: boolean | undefined,
 * }} options
 *   a port of 0 is a free one; clients are told to come to the advertised port, its own unless given
 * @returns {Promise<BrokerStatus>}
 */
export async function startBroker({ version, data, port, advertisedPort, isSecure = false }) {
  const before = await brokerStatus(data);
  if (before?.isRunning) {
    await untilReady(before, data);
    return { ...before, isReady: true };
  }
  if (before && before.version !== version)
    throw new Error(`The data in ${data} are of Kafka ${before.version}, not ${version}.`);
  const line = lineOf(version);
  const java = javaCommand();
  const own = port || before?.port || (await freePort());
  const ports = {
    port: own,
    advertisedPort: advertisedPort ?? before?.advertisedPort ?? own,
    controllerPort: before?.controllerPort ?? (await freePort()),
  };
  mkdirSync(data, { recursive: true });
  const logFolder = join(data, 'log');
  const properties = join(data, 'server.properties');
  const securePort = before ? before.secure?.port : isSecure ? await freePort() : undefined;
  const secure = securePort === undefined ? null : secureListener({ java, data, port: securePort });
  writeFileSync(properties, serverProperties({ version, ...ports, logFolder, secure }));
  const flags = [...line.loggingFlags, '-cp', join(fetchJars(line), '*')];
  if (!existsSync(join(logFolder, 'meta.properties')))
    format(java, flags, properties, secure ? scramFlags : []);
  const output = openSync(join(data, 'broker.log'), 'a');
  const broker = spawn(
    java,
    [...memoryFlags, ...otherFlags, ...flags, 'kafka.Kafka', properties],
    // Its working folder is its data folder: nothing it may write falls elsewhere.
    { cwd: data, detached: true, stdio: ['ignore', output, output] },
  );
  broker.unref();
  /** @type {Remembered} */
  const remembered = { version, ...ports, pid: broker.pid ?? 0, secure };
  writeFileSync(stateFile(data), JSON.stringify(remembered));
  await untilReady(remembered, data);
  return { ...remembered, brokers: `127.0.0.1:${ports.port}`, isRunning: true, isReady: true };
}

/**
 * Resolves when the broker of a data folder is gone: asked to stop, and killed when that takes too
 * long or `isKilled` says so at once. False when none was running.
 *
 * @param {{ data: string, isKilled?: boolean }} options
 * @returns {Promise<boolean>}
 */
export async function stopBroker({ data, isKilled = false }) {
  const status = await brokerStatus(data);
  if (!status?.isRunning) return false;
  if (!isKilled) {
    process.kill(status.pid, 'SIGTERM');
    if (await isGone(status.pid, data, stopTimeoutMs)) return true;
  }
  process.kill(status.pid, 'SIGKILL');
  if (!(await isGone(status.pid, data, stopTimeoutMs)))
    throw new Error(`The broker ${status.pid} does not end.`);
  return true;
}

/**
 * @param {string} data
 * @returns {Promise<BrokerStatus | null>} null when no broker was ever started there
 */
export async function brokerStatus(data) {
  if (!existsSync(stateFile(data))) return null;
  /** @type {Remembered} */
  const remembered = JSON.parse(readFileSync(stateFile(data), 'utf8'));
  const isRunning = isOurs(remembered.pid, data);
  return {
    ...remembered,
    brokers: `127.0.0.1:${remembered.port}`,
    isRunning,
    isReady: isRunning && (await isBrokerReady(remembered.port)),
  };
}

/** @param {string} data */
const stateFile = (data) => join(data, 'broker.json');

/**
 * @param {string} java
 * @param {readonly string[]} flags
 * @param {string} properties
 * @param {readonly string[]} more
 */
function format(java, flags, properties, more) {
  const { status, stdout, stderr } = spawnSync(
    java,
    [
      ...otherFlags,
      ...flags,
      'kafka.tools.StorageTool',
      'format',
      '-t',
      clusterId,
      '-c',
      properties,
      '--ignore-formatted',
      ...more,
    ],
    { encoding: 'utf8', timeout: formatTimeoutMs },
  );
  if (status !== 0) throw new Error(`The data folder could not be formatted: ${stdout}${stderr}`);
}

/**
 * @param {Pick<Remembered, 'port' | 'pid'>} broker
 * @param {string} data
 */
async function untilReady({ port, pid }, data) {
  const deadline = performance.now() + startTimeoutMs;
  while (!(await isBrokerReady(port))) {
    if (!isOurs(pid, data)) throw new Error(`The broker ended at its start.\n${lastLines(data)}`);
    if (performance.now() > deadline)
      throw new Error(`The broker is not ready after ${startTimeoutMs} ms.\n${lastLines(data)}`);
    await sleep(askEveryMs);
  }
}

/** @param {string} data */
function lastLines(data) {
  return readFileSync(join(data, 'broker.log'), 'utf8').split('\n').slice(-20).join('\n');
}

/**
 * @param {number} pid
 * @param {string} data
 * @param {number} timeoutMs
 */
async function isGone(pid, data, timeoutMs) {
  const deadline = performance.now() + timeoutMs;
  while (isOurs(pid, data)) {
    if (performance.now() > deadline) return false;
    await sleep(askEveryMs);
  }
  return true;
}

/**
 * Whether this process is the broker of that folder, and not another one that was given its id.
 *
 * @param {number} pid
 * @param {string} data
 */
function isOurs(pid, data) {
  if (pid <= 0) return false;
  try {
    process.kill(pid, 0);
  } catch {
    return false;
  }
  const command = existsSync('/proc/self/cmdline')
    ? readCommand(pid)
    : spawnSync('ps', ['-o', 'command=', '-p', String(pid)], { encoding: 'utf8' }).stdout;
  return command.includes(join(data, 'server.properties'));
}

/** @param {number} pid */
function readCommand(pid) {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
  } catch {
    return '';
  }
}

/** @returns {Promise<number>} */
function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.on('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      const port = typeof address === 'object' && address ? address.port : 0;
      server.close(() => resolve(port));
    });
  });
}
