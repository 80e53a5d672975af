/**
 * Whether the broker refused what it was asked, so that asking again changes nothing: wrong
 * credentials, no right, a message too large. Everything else is an outage, and is waited out.
 */
export function isRefusedByBroker(error: unknown): boolean {
  const root = rootOf(error);
  if (!(root instanceof Error)) return false;
  if (root.name === 'KafkaJSSASLAuthenticationError') return true;
  const type: unknown = 'type' in root ? root.type : undefined;
  const isRetriable: unknown = 'retriable' in root ? root.retriable : true;
  // UNKNOWN is a broker's way to say that something broke in it.
  return typeof type === 'string' && type !== 'UNKNOWN' && isRetriable === false;
}

/** kafkajs wraps an error each time it gives up on it. */
const wrappingsMax = 8;

/** What went wrong in the first place. */
function rootOf(error: unknown): unknown {
  let root = error;
  for (let depth = 0; depth < wrappingsMax; depth++) {
    if (!(root instanceof Error)) return root;
    const [first] = 'errors' in root && Array.isArray(root.errors) ? root.errors : [];
    const inner: unknown = root.cause ?? first;
    if (inner === undefined || inner === root) return root;
    root = inner;
  }
  return root;
}

/** The type that the Kafka protocol gives an error, such as `TOPIC_AUTHORIZATION_FAILED`. */
export function protocolTypeOf(error: unknown): string | null {
  const root = rootOf(error);
  return root instanceof Error && 'type' in root && typeof root.type === 'string'
    ? root.type
    : null;
}
