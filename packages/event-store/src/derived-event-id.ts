import { hash } from 'node:crypto';
import { type CommandId, type EventId, eventId } from '@counterfoil/domain';

// One buffer for all: it is filled and hashed before anybody else has a turn.
const nameBytes = Buffer.alloc(32);

const uuidPattern = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/**
 * The id of a command's event: the UUIDv5 of the command and the place among the command's events,
 * so that the same command given again gives the same ids. A command belongs to one stream. Written
 * out here because it is made for every event and the `uuid` package takes twice as long.
 */
export function derivedEventId(command: CommandId, ordinal: number): EventId {
  if (!uuidPattern.test(command)) throw new Error(`Command id ${command} is no UUID`);
  nameBytes.write(command.replaceAll('-', ''), 'hex');
  const length = 16 + nameBytes.write(String(ordinal), 16, 'latin1');
  const digest = hash('sha1', nameBytes.subarray(0, length), 'hex');
  // RFC 9562: 5 is the version, and two bits of the seventeenth digit are the variant.
  const variant = ((Number.parseInt(digest.slice(16, 17), 16) & 0b11) | 0b1000).toString(16);
  const ends = `${variant}${digest.slice(17, 20)}-${digest.slice(20, 32)}`;
  return eventId(`${digest.slice(0, 8)}-${digest.slice(8, 12)}-5${digest.slice(13, 16)}-${ends}`);
}
