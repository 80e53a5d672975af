import {
  type Instant,
  instantText,
  type Json,
  type JsonObject,
  recordedInstant,
} from '@counterfoil/domain';

/** A CloudEvents 1.0 event, in the structured JSON mode. */
export type CloudEvent = Readonly<{
  id: string;
  source: string;
  type: string;
  subject: string;
  time: Instant;
  /** Text attributes of our own; lower-case letters and digits only, as the standard asks. */
  extensions: Readonly<Record<string, string>>;
  data: JsonObject;
}>;

const specversion = '1.0';
const contentType = 'application/json';

export const encodeCloudEvent = (event: CloudEvent): JsonObject => ({
  specversion,
  id: event.id,
  source: event.source,
  type: event.type,
  subject: event.subject,
  time: instantText(event.time),
  datacontenttype: contentType,
  ...event.extensions,
  data: event.data,
});

/** Throws on what is no CloudEvent, or lacks an attribute that ours always carry. */
export function decodeCloudEvent(payload: JsonObject): CloudEvent {
  const {
    specversion: version,
    id,
    source,
    type,
    subject,
    time,
    datacontenttype,
    data,
    ...rest
  } = payload;
  if (version !== specversion) throw new Error(`Not a CloudEvent of version ${specversion}`);
  if (datacontenttype !== contentType) throw new Error('The CloudEvent carries no JSON');
  const at = recordedInstant(textOf('time', time));
  if (at === null) throw new Error('The time of the CloudEvent cannot be read');
  if (typeof data !== 'object' || data === null || Array.isArray(data))
    throw new Error('The data of the CloudEvent is not an object');
  return {
    id: textOf('id', id),
    source: textOf('source', source),
    type: textOf('type', type),
    subject: textOf('subject', subject),
    time: at,
    extensions: Object.fromEntries(
      Object.entries(rest).map(([name, value]) => [name, textOf(name, value)]),
    ),
    data: data as JsonObject,
  };
}

function textOf(name: string, value: Json | undefined): string {
  if (typeof value !== 'string') throw new Error(`The CloudEvent attribute ${name} is not text`);
  return value;
}
