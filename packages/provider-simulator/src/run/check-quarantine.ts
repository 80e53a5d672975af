import type { ApiClient } from './api-client.ts';
import type { Check } from './simulation-report.ts';
import type { Tally } from './tally.ts';

type Row = Readonly<{ id: string }>;
type Detail = Readonly<{
  provider: string;
  body: string;
  bodyEncoding: 'utf8' | 'base64';
  reason: Readonly<{ code: string; path: string }> | null;
}>;

const readAtOnce = 16;

const listPath = '/v1/inbound-webhooks?status=quarantined';

/** The deliveries that lie in quarantine now. */
export const quarantinedIds = async (api: ApiClient): Promise<ReadonlySet<string>> =>
  new Set((await api.list<Row>(listPath)).map(({ id }) => id));

/**
 * Quarantine gained exactly the bodies that were authentic and garbled, byte for byte, each with
 * the reason's code: nothing that was understood, nothing that was forged, and none is missing.
 */
export async function checkQuarantine(
  api: ApiClient,
  before: ReadonlySet<string>,
  tally: Tally,
): Promise<Check> {
  const rows = (await api.list<Row>(listPath)).filter(({ id }) => !before.has(id));
  const details: Detail[] = [];
  for (let first = 0; first < rows.length; first += readAtOnce)
    details.push(
      ...(await Promise.all(
        rows
          .slice(first, first + readAtOnce)
          .map(({ id }) => api.accepted('GET', `/v1/inbound-webhooks/${id}`) as Promise<Detail>),
      )),
    );
  const kept = new Set(
    details.map(({ provider, body, bodyEncoding }) =>
      keyOf(provider, Buffer.from(body, bodyEncoding)),
    ),
  );
  const sent = new Set(tally.garbled.map(({ provider, body }) => keyOf(provider, body)));
  const missing = [...sent].filter((key) => !kept.has(key));
  const extra = [...kept].filter((key) => !sent.has(key));
  const unexplained = details.filter(({ reason }) => !reason?.code).length;
  const ok = missing.length === 0 && extra.length === 0 && unexplained === 0;
  return {
    name: 'quarantine holds exactly the corrupt deliveries that were authentic',
    ok,
    detail: ok
      ? `${rows.length} deliveries`
      : `${missing.length} missing, ${extra.length} too many, ${unexplained} without a reason: ` +
        shown([...missing, ...extra][0]),
  };
}

const keyOf = (provider: string, body: Uint8Array): string =>
  `${provider} ${Buffer.from(body).toString('base64')}`;

const shown = (key: string | undefined): string => {
  const [provider = '', body = ''] = (key ?? '').split(' ');
  return `${provider} ${Buffer.from(body, 'base64').toString('utf8').slice(0, 400)}`;
};
