// @ts-check
import { secureProperties } from './secure-listener.mjs';

/**
 * One node that is broker and controller, reachable from this machine only, with as few threads and
 * as little memory as it works well with. `secure`: a listener with TLS and passwords beside the plain one.
 *
 * @param {{
 *   version: string, port: number, advertisedPort: number, controllerPort: number, logFolder: string,
 *   secure: import('./secure-listener.mjs').SecureListener | null,
 * }} options
 * @returns {string}
 */
export function serverProperties(options) {
  const { version, port, advertisedPort, controllerPort, logFolder, secure } = options;
  const secureListeners = secure ? [`SASL_SSL://127.0.0.1:${secure.port}`] : [];
  const listeners = [`PLAINTEXT://127.0.0.1:${port}`, ...secureListeners];
  const advertised = [`PLAINTEXT://127.0.0.1:${advertisedPort}`, ...secureListeners];
  const properties = [
    'process.roles=broker,controller',
    'node.id=1',
    `controller.quorum.voters=1@127.0.0.1:${controllerPort}`,
    `listeners=${listeners.join(',')},CONTROLLER://127.0.0.1:${controllerPort}`,
    `advertised.listeners=${advertised.join(',')}`,
    'controller.listener.names=CONTROLLER',
    'inter.broker.listener.name=PLAINTEXT',
    'listener.security.protocol.map=CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT,SASL_SSL:SASL_SSL',
    ...(secure ? secureProperties(secure.keystore) : []),
    `log.dirs=${logFolder}`,
    // Topics are created on purpose, with the partitions that their owner wants.
    'auto.create.topics.enable=false',
    'num.partitions=6',
    'offsets.topic.num.partitions=1',
    'offsets.topic.replication.factor=1',
    'transaction.state.log.num.partitions=1',
    'transaction.state.log.replication.factor=1',
    'transaction.state.log.min.isr=1',
    // A group of one forms at once, and one whose member died forms anew within a test's patience.
    'group.initial.rebalance.delay.ms=0',
    'group.min.session.timeout.ms=1000',
    // After a kill the next one waits until the controller takes the last one for dead.
    'broker.session.timeout.ms=3000',
    'broker.heartbeat.interval.ms=500',
    'num.network.threads=2',
    'num.io.threads=4',
    'background.threads=2',
    'log.cleaner.dedupe.buffer.size=8388608',
    'log.index.size.max.bytes=1048576',
  ];
  if (!version.startsWith('3.'))
    properties.push(
      'share.coordinator.state.topic.replication.factor=1',
      'share.coordinator.state.topic.min.isr=1',
    );
  return `${properties.join('\n')}\n`;
}
