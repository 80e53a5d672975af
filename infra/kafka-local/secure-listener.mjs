// @ts-check
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { MissingRequirement } from './missing-requirement.mjs';

/** Known to everybody: the listener is for tests, on the loopback. */
const password = 'kafka-local';
/** Who may log in, by any of the mechanisms. */
const login = { username: 'counterfoil', password };
const keytoolTimeoutMs = 60_000;
const daysValid = '3650';

/**
 * @typedef {{
 *   port: number, brokers: string, keystore: string, ca: string, username: string, password: string,
 * }} SecureListener `ca` is the path of a PEM file, for clients to trust
 */

/**
 * With a key and a certificate of its own for 127.0.0.1 and localhost, made once in a data folder.
 *
 * @param {{ java: string, data: string, port: number }} options `java` runs the broker: its keytool lies beside it
 * @returns {SecureListener}
 */
export function secureListener({ java, data, port }) {
  const keystore = join(data, 'listener.p12');
  const ca = join(data, 'listener.pem');
  const keytool = java.includes('/') ? join(dirname(java), 'keytool') : 'keytool';
  const store = ['-alias', 'listener', '-keystore', keystore, '-storepass', password];
  if (!existsSync(ca)) {
    const key = ['-genkeypair', '-keyalg', 'EC', '-storetype', 'PKCS12', '-validity', daysValid];
    const name = ['-dname', 'CN=localhost', '-ext', 'san=ip:127.0.0.1,dns:localhost'];
    run(keytool, [...key, ...name, ...store]);
    run(keytool, ['-exportcert', '-rfc', '-file', ca, ...store]);
  }
  return { port, brokers: `127.0.0.1:${port}`, keystore, ca, ...login };
}

/**
 * @param {string} keytool
 * @param {readonly string[]} options
 */
function run(keytool, options) {
  const { error, status, stdout, stderr } = spawnSync(keytool, options, {
    encoding: 'utf8',
    timeout: keytoolTimeoutMs,
  });
  if (error) throw new MissingRequirement(`No ${keytool}: it makes the certificate.`);
  if (status !== 0) throw new Error(`The certificate could not be made: ${stdout}${stderr}`);
}

/** What the storage must know of who logs in, before the first start. */
export const scramFlags = ['SCRAM-SHA-256', 'SCRAM-SHA-512'].flatMap((mechanism) => [
  '--add-scram',
  `${mechanism}=[name=${login.username},password=${login.password}]`,
]);

/**
 * @param {string} keystore
 * @returns {readonly string[]}
 */
export function secureProperties(keystore) {
  const scram = 'org.apache.kafka.common.security.scram.ScramLoginModule required;';
  const plain = 'org.apache.kafka.common.security.plain.PlainLoginModule required';
  return [
    'sasl.enabled.mechanisms=PLAIN,SCRAM-SHA-256,SCRAM-SHA-512',
    `listener.name.sasl_ssl.plain.sasl.jaas.config=${plain} user_${login.username}="${login.password}";`,
    `listener.name.sasl_ssl.scram-sha-256.sasl.jaas.config=${scram}`,
    `listener.name.sasl_ssl.scram-sha-512.sasl.jaas.config=${scram}`,
    'ssl.keystore.type=PKCS12',
    `ssl.keystore.location=${keystore}`,
    `ssl.keystore.password=${password}`,
    `ssl.key.password=${password}`,
  ];
}
