import { instant } from '@counterfoil/domain';
import {
  faultsOf,
  type ProviderAdapter,
  type Quarantine,
  type VerifiedWebhook,
} from '@counterfoil/providers';

export type FuzzOutcome = Readonly<{
  /** How many events, or why it is quarantined. */
  result: Readonly<{ events: number }> | Readonly<{ quarantine: Quarantine }>;
  /** What must never be, in words. */
  faults: readonly string[];
  durationMs: number;
}>;

const receivedAt = instant(Date.UTC(2026, 0, 2));
const slowestMs = 1_000;
/** PostgreSQL indexes keys up to a third of a page. */
const keyLengthMax = 2_000;
const pathLengthMax = 500;

/** Takes one correctly signed body through an adapter, the way the gateway and the relay do. */
export function fuzzedDelivery(adapter: ProviderAdapter, body: Uint8Array): FuzzOutcome {
  const startedAt = performance.now();
  const headers = new Map(
    Object.entries(adapter.sign(body, receivedAt)).map(([name, value]) => [
      name.toLowerCase(),
      value,
    ]),
  );
  const verified = adapter.webhooks.verify({ headers, body, receivedAt, deliveryId: 'fuzzed' });
  if (!verified.ok) throw new Error(`Its own signature is refused: ${verified.error.code}`);
  const outcome = translated(adapter, verified.value);
  const durationMs = performance.now() - startedAt;
  const slow = durationMs > slowestMs ? [`took ${Math.round(durationMs)} ms`] : [];
  return { ...outcome, faults: [...outcome.faults, ...slow], durationMs };
}

function translated(
  { webhooks, authorizations }: ProviderAdapter,
  webhook: VerifiedWebhook,
): Omit<FuzzOutcome, 'durationMs'> {
  const identified = webhooks.identify(webhook);
  const faults = [
    ...unstorable('the event key', identified.eventKey ?? '', keyLengthMax),
    ...unstorable('the dialect', identified.dialect, 50),
    ...(/^[0-9a-f]{64}$/.test(identified.bodySha256) ? [] : ['the body hash is none']),
  ];
  if (identified.asksForDecision && authorizations) {
    const asked = authorizations.parse(webhook);
    if (asked.ok) faults.push(...faultsOf(asked.value));
    else faults.push(...quarantineFaults(asked.error));
  }
  const events = webhooks.translate(webhook);
  if (!events.ok)
    return {
      result: { quarantine: events.error },
      faults: [...faults, ...quarantineFaults(events.error)],
    };
  return {
    result: { events: events.value.length },
    faults: [
      ...faults,
      ...(events.value.length === 0 ? ['neither an event nor a quarantine'] : []),
      ...events.value.flatMap((event) => [
        ...faultsOf(event),
        ...textsOf(event).flatMap((text) => unstorable('a text of the event', text, 2_000)),
      ]),
    ],
  };
}

const quarantineFaults = ({ code, path, message }: Quarantine): readonly string[] => [
  ...(code.length > 0 && message.length > 0 ? [] : ['a quarantine without code or message']),
  ...unstorable('the path', path, pathLengthMax),
  ...unstorable('the message', message, pathLengthMax),
];

/** No database keeps U+0000 or half a character in a text, nor an endless one in an index. */
function unstorable(what: string, text: string, lengthMax: number): readonly string[] {
  if (text.includes('\u0000')) return [`${what} contains U+0000`];
  if (/[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/.test(text))
    return [`${what} contains half a character`];
  return text.length > lengthMax ? [`${what} has ${text.length} characters`] : [];
}

function textsOf(value: unknown): readonly string[] {
  if (typeof value === 'string') return [value];
  if (typeof value !== 'object' || value === null) return [];
  return Object.values(value).flatMap(textsOf);
}
