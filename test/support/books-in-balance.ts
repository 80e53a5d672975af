import type { Effect, Recorded } from '@counterfoil/domain';

/**
 * What must hold after every event, from the postings and holds alone: the sum over all addresses
 * is zero, nothing is held or reserved below zero, and what is held equals the open holds.
 */
export function imbalances(log: readonly Recorded[]): readonly string[] {
  const totals = new Map<string, bigint>();
  const holds = new Map<string, bigint>();
  const faults: string[] = [];
  const add = (key: string, units: bigint) => totals.set(key, (totals.get(key) ?? 0n) + units);
  for (const { event, stream, version } of log) {
    const effect = 'effect' in event.data ? (event.data.effect as Effect) : null;
    const touched = new Set<string>();
    for (const { source, destination, amount } of effect?.transaction?.postings ?? []) {
      add(`${source} ${amount.asset}`, -amount.units);
      add(`${destination} ${amount.asset}`, amount.units);
      touched.add(`${source} ${amount.asset}`).add(`${destination} ${amount.asset}`);
      if (amount.units <= 0n) faults.push(`${stream}@${version} posts ${amount.units}`);
    }
    for (const { holdId, held } of effect?.holds ?? [])
      holds.set(`${stream}|${holdId}|${held.asset}`, held.units);
    for (const address of touched)
      if (/:(held|reserved) /.test(address) && (totals.get(address) ?? 0n) < 0n)
        faults.push(`${address} is ${totals.get(address)} after ${stream}@${version}`);
  }
  return [...faults, ...unequalHolds(totals, holds), ...unevenAssets(totals)];
}

function unequalHolds(
  totals: ReadonlyMap<string, bigint>,
  holds: ReadonlyMap<string, bigint>,
): readonly string[] {
  const open = new Map<string, bigint>();
  for (const [key, units] of holds) {
    const { stream, asset } = apart(key);
    const address = `accounts:${stream.replace('account-', '')}:held ${asset}`;
    open.set(address, (open.get(address) ?? 0n) + units);
  }
  return [
    ...new Set([...open.keys(), ...[...totals.keys()].filter((key) => key.includes(':held '))]),
  ]
    .filter((address) => (open.get(address) ?? 0n) !== (totals.get(address) ?? 0n))
    .map((address) => `${address} is ${totals.get(address)}, its holds ${open.get(address)}`);
}

/** Hold ids may contain the separator: the stream stands first and the asset last. */
const apart = (key: string) => ({
  stream: key.slice(0, key.indexOf('|')),
  asset: key.slice(key.lastIndexOf('|') + 1),
});

function unevenAssets(totals: ReadonlyMap<string, bigint>): readonly string[] {
  const byAsset = new Map<string, bigint>();
  for (const [key, units] of totals) {
    const asset = key.slice(key.lastIndexOf(' ') + 1);
    byAsset.set(asset, (byAsset.get(asset) ?? 0n) + units);
  }
  return [...byAsset]
    .filter(([, units]) => units !== 0n)
    .map(([asset, units]) => `${asset}: ${units}`);
}
