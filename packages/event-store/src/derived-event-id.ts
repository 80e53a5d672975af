import { hash } from 'node:crypto';
import { type CommandId, type EventId, eventId } from '@counterfoil/domain';

const uuidPattern = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const uuidBytes = 16;
const ordinalDigitsMax = 16;

const hexDigits = Buffer.from('0123456789abcdef');
const [dash, caseBit] = [0x2d, 0x20];
/** The value of a hexadecimal digit by its character, of which letters are lower case. */
const digitValues = Uint8Array.from({ length: 128 }, (_, code) =>
  Math.max(0, hexDigits.indexOf(code)),
);

// One buffer for each end: an id is made before anybody else has a turn. Views of all lengths are
// made beforehand, and no text in between.
const named = Buffer.alloc(uuidBytes + ordinalDigitsMax);
const views = Array.from({ length: ordinalDigitsMax }, (_, digits) =>
  named.subarray(0, uuidBytes + digits),
);
const text = Buffer.alloc(36);

/**
 * The id of a command's event: the UUIDv5 of the command and the place among the command's events,
 * so that the same command given again gives the same ids. A command belongs to one stream. Written
 * out here because it is made for every event and the `uuid` package takes four times as long.
 */
export function derivedEventId(command: CommandId, ordinal: number): EventId {
  if (!uuidPattern.test(command)) throw new Error(`Command id ${command} is no UUID`);
  readUuid(command);
  const digits = named.write(String(ordinal), uuidBytes, 'latin1');
  const digest = hash('sha1', views[digits] ?? named, 'binary');
  return eventId(uuidText(digest));
}

/** Into `named`, two digits a byte. */
function readUuid(uuid: string): void {
  let digits = 0;
  for (let index = 0; index < uuid.length; index += 1) {
    const code = uuid.charCodeAt(index);
    if (code === dash) continue;
    const value = digitValues[code | caseBit] ?? 0;
    const place = digits >> 1;
    named[place] = digits % 2 === 0 ? value << 4 : (named[place] ?? 0) | value;
    digits += 1;
  }
}

/** RFC 9562: the first half of the seventh byte is the version, and two bits of the ninth the variant. */
function uuidText(digest: string): string {
  let at = 0;
  for (let index = 0; index < uuidBytes; index += 1) {
    if (index === 4 || index === 6 || index === 8 || index === 10) text[at++] = dash;
    let byte = digest.charCodeAt(index);
    if (index === 6) byte = (byte & 0x0f) | 0x50;
    if (index === 8) byte = (byte & 0x3f) | 0x80;
    text[at++] = hexDigits[byte >> 4] ?? 0;
    text[at++] = hexDigits[byte & 0x0f] ?? 0;
  }
  return text.toString('latin1');
}
