// @ts-check
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { MissingRequirement } from './missing-requirement.mjs';

const javaVersionMin = 17;
const versionTimeoutMs = 60_000;

/**
 * The `java` to run a broker with: that of JAVA_HOME, else the one on the path.
 *
 * @returns {string}
 */
export function javaCommand() {
  const home = process.env['JAVA_HOME'];
  const command = home ? join(home, 'bin', 'java') : 'java';
  const { error, stderr } = spawnSync(command, ['-version'], {
    encoding: 'utf8',
    timeout: versionTimeoutMs,
  });
  const where = home ? `in JAVA_HOME (${home})` : 'on the path';
  if (error)
    throw new MissingRequirement(`Java ${javaVersionMin} or newer is missing: no java ${where}.`);
  const version = Number.parseInt(/version "(\d+)/.exec(stderr)?.[1] ?? '0', 10);
  if (version < javaVersionMin)
    throw new MissingRequirement(
      `Java ${javaVersionMin} or newer is missing: the java ${where} is ${version || 'unknown'}.`,
    );
  return command;
}

/** Throws unless Maven is on the path. */
export function requireMaven() {
  const { error } = spawnSync('mvn', ['-version'], { timeout: versionTimeoutMs });
  if (error)
    throw new MissingRequirement('Maven is missing: no mvn on the path. It fetches the jars.');
}
