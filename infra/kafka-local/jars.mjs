// @ts-check
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { requireMaven } from './requirements.mjs';

const here = dirname(fileURLToPath(import.meta.url));
/** Some 45 MB from a repository that may be far away. */
const fetchTimeoutMs = 10 * 60_000;

/** @typedef {{ version: string, pom: string, loggingFlags: readonly string[] }} Line */

/**
 * The line that a version belongs to: its dependencies and how it is told to log.
 *
 * @param {string} version
 * @returns {Line}
 */
export function lineOf(version) {
  if (/^3\.9\.\d+$/.test(version))
    return {
      version,
      pom: join(here, 'pom-3.9.xml'),
      loggingFlags: [`-Dlog4j.configuration=file:${join(here, 'log4j-3.9.properties')}`],
    };
  if (/^4\.\d+\.\d+$/.test(version))
    return {
      version,
      pom: join(here, 'pom-4.1.xml'),
      loggingFlags: [`-Dlog4j2.configurationFile=${join(here, 'log4j2-4.1.properties')}`],
    };
  throw new Error(`Kafka ${version} is not known here: 3.9.x and 4.x.y are.`);
}

/**
 * Where the jars of a version are kept: in `.counterfoil/kafka` of the checkout, or in the folder
 * that KAFKA_LOCAL_CACHE names.
 *
 * @param {string} version
 */
function jarsFolder(version) {
  const cache = process.env['KAFKA_LOCAL_CACHE'] ?? join(here, '../../.counterfoil/kafka');
  return join(cache, version, 'jars');
}

/**
 * The jars of a version, fetched by Maven unless they are here. A fetch that is cut leaves nothing
 * behind that looks whole.
 *
 * @param {Line} line
 * @returns {string} their folder
 */
export function fetchJars(line) {
  const folder = jarsFolder(line.version);
  if (existsSync(folder)) return folder;
  requireMaven();
  const parent = dirname(folder);
  mkdirSync(parent, { recursive: true });
  const unfinished = mkdtempSync(join(parent, 'fetching-'));
  try {
    copyDependencies(line, unfinished);
    keep(unfinished, folder);
  } finally {
    rmSync(unfinished, { recursive: true, force: true });
  }
  return folder;
}

/**
 * @param {Line} line
 * @param {string} folder
 */
function copyDependencies(line, folder) {
  const { status, stdout, error } = spawnSync(
    'mvn',
    [
      '--batch-mode',
      '--quiet',
      '--file',
      line.pom,
      `-Dkafka.version=${line.version}`,
      'org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies',
      '-DincludeScope=runtime',
      `-DoutputDirectory=${folder}`,
    ],
    { encoding: 'utf8', timeout: fetchTimeoutMs },
  );
  if (error || status !== 0)
    throw new Error(
      `Maven could not fetch Kafka ${line.version}: ${error?.message ?? stdout.slice(-2_000)}`,
    );
  if (!readdirSync(folder).some((name) => name === `kafka_2.13-${line.version}.jar`))
    throw new Error(`Maven fetched no Kafka ${line.version}.`);
}

/**
 * @param {string} unfinished
 * @param {string} folder
 */
function keep(unfinished, folder) {
  try {
    renameSync(unfinished, folder);
  } catch (error) {
    // Another process fetched them at the same time.
    if (!existsSync(folder)) throw error;
  }
}
