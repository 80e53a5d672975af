// @ts-check
import { connect } from 'node:net';

const metadataRequest = 3;
const metadataVersion = 1;
const correlationId = 1;
const clientId = 'kafka-local';
const answerTimeoutMs = 2_000;
/** A metadata answer without topics is some dozens of bytes; more is no broker's. */
const answerBytesMax = 65_536;

/**
 * Whether a broker answers on this port of the loopback, knows itself to be alive and has a
 * controller: it can then create topics and take messages. Never rejects.
 *
 * @param {number} port
 * @returns {Promise<boolean>}
 */
export async function isBrokerReady(port) {
  try {
    return isReadyAnswer(await ask(port));
  } catch {
    return false;
  }
}

/**
 * @param {number} port
 * @returns {Promise<Buffer>} the answer without its length
 */
function ask(port) {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: '127.0.0.1', port, timeout: answerTimeoutMs });
    /** @type {Buffer} */
    let received = Buffer.alloc(0);
    /** @param {string} reason */
    const fail = (reason) => {
      socket.destroy();
      reject(new Error(reason));
    };
    socket.on('connect', () => socket.write(requestForBrokers()));
    socket.on('timeout', () => fail('no answer in time'));
    socket.on('error', reject);
    socket.on('close', () => reject(new Error('closed')));
    socket.on('data', (chunk) => {
      received = Buffer.concat([received, chunk]);
      if (received.length > answerBytesMax) fail('not a broker');
      if (received.length < 4 || received.length < 4 + received.readInt32BE(0)) return;
      resolve(received.subarray(4, 4 + received.readInt32BE(0)));
      socket.destroy();
    });
  });
}

/** Metadata version 1 of no topic: the brokers and the controller. */
function requestForBrokers() {
  const header = Buffer.alloc(10 + clientId.length);
  header.writeInt16BE(metadataRequest, 0);
  header.writeInt16BE(metadataVersion, 2);
  header.writeInt32BE(correlationId, 4);
  header.writeInt16BE(clientId.length, 8);
  header.write(clientId, 10);
  const noTopics = Buffer.alloc(4);
  const length = Buffer.alloc(4);
  length.writeInt32BE(header.length + noTopics.length, 0);
  return Buffer.concat([length, header, noTopics]);
}

/** @param {Buffer} answer */
function isReadyAnswer(answer) {
  let at = 4;
  const int16 = () => answer.readInt16BE((at += 2) - 2);
  const int32 = () => answer.readInt32BE((at += 4) - 4);
  const skipText = () => {
    const length = int16();
    if (length > 0) at += length;
  };
  const brokers = int32();
  for (let index = 0; index < brokers; index++) {
    int32();
    skipText();
    int32();
    skipText();
  }
  const controller = int32();
  return answer.readInt32BE(0) === correlationId && brokers > 0 && controller >= 0;
}
