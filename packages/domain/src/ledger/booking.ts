import type { Owner } from '../account/messages.ts';
import type { NonEmpty, ProviderName } from '../ids.ts';
import type { Money } from '../money.ts';
import {
  type Address,
  addressOf,
  type Bucket,
  platformAddress,
  type ProviderPlace,
  providerAddress,
  suspenseAddress,
} from './address.ts';
import type { Posting } from './posting.ts';

/** A place by its role, before it is known in whose account and at which provider it is. */
export type Place = Bucket | ProviderPlace | 'transit' | 'adjustments';

/** By how much a place changes: negative gives, positive receives. Lines of one booking sum to zero per asset. */
export type Line = Readonly<{ place: Place; amount: Money }>;
export type Booking = readonly Line[];

const buckets: readonly Place[] = ['available', 'held', 'reserved'];
export const isBucket = (place: Place): place is Bucket => buckets.includes(place);

export const line = (place: Place, amount: Money, sign: 1n | -1n = 1n): Line => ({
  place,
  amount: { asset: amount.asset, units: sign * amount.units },
});

/** One line for each place and asset, zero lines dropped, in order of first mention. */
export function sum(...bookings: readonly Booking[]): Booking {
  // Bookings have a handful of lines: searching an array beats hashing, and this is the hot path.
  const totals: { place: Place; amount: Money }[] = [];
  for (const booking of bookings)
    for (const { place, amount } of booking) {
      const known = totals.find(
        (total) => total.place === place && total.amount.asset === amount.asset,
      );
      if (known === undefined) totals.push({ place, amount });
      else known.amount = { asset: amount.asset, units: known.amount.units + amount.units };
    }
  return totals.some(isZero) ? totals.filter((total) => !isZero(total)) : totals;
}

const isZero = ({ amount }: Line): boolean => amount.units === 0n;

export const negated = (booking: Booking): Booking =>
  booking.map(({ place, amount }) => line(place, amount, -1n));

export const difference = (target: Booking, booked: Booking): Booking =>
  sum(target, negated(booked));

export function isEqualBooking(left: Booking, right: Booking): boolean {
  return difference(left, right).length === 0;
}

function addressOfPlace(place: Place, owner: Owner, provider: ProviderName | null): Address {
  if (isBucket(place))
    return owner.place === 'account'
      ? addressOf(owner.accountId, place)
      : suspenseAddress(owner.provider);
  if (place === 'transit' || place === 'adjustments') return platformAddress(place);
  if (provider === null) throw new Error(`Invariant broken: ${place} needs a provider`);
  return providerAddress(provider, place);
}

/**
 * The role of an address. All of a suspense owner's money is in one place, which counts as
 * `available`: nothing can be held or reserved for nobody.
 */
export function placeOf(address: Address): Place {
  const place = address.startsWith('suspense:')
    ? 'available'
    : address.slice(address.lastIndexOf(':') + 1);
  return place as Place;
}

// What is set aside is spent first, and what is spent goes out before anything comes back.
const sourceOrder: readonly Place[] = ['held', 'reserved', 'available'];
const destinationOrder: readonly Place[] = ['clearing', 'account', 'fees', 'held', 'reserved'];
const rank = (order: readonly Place[], place: Place): number =>
  order.includes(place) ? order.indexOf(place) : order.length;

/** Pairs what gives with what receives, asset by asset. Null when the booking moves nothing. */
export function postingsOf(
  booking: Booking,
  owner: Owner,
  provider: ProviderName | null,
): NonEmpty<Posting> | null {
  const simple = simplePosting(booking, owner, provider);
  if (simple !== null) return [simple];
  const postings: Posting[] = [];
  for (const asset of new Set(booking.map(({ amount }) => amount.asset))) {
    const totals = new Map<Address, { place: Place; units: bigint }>();
    for (const { place, amount } of booking) {
      if (amount.asset !== asset) continue;
      const address = addressOfPlace(place, owner, provider);
      const units = (totals.get(address)?.units ?? 0n) + amount.units;
      totals.set(address, { place: totals.get(address)?.place ?? place, units });
    }
    const sides = [...totals].map(([address, total]) => ({ address, ...total }));
    const sources = sides
      .filter(({ units }) => units < 0n)
      .sort((left, right) => rank(sourceOrder, left.place) - rank(sourceOrder, right.place));
    const destinations = sides
      .filter(({ units }) => units > 0n)
      .sort(
        (left, right) => rank(destinationOrder, left.place) - rank(destinationOrder, right.place),
      );
    const balance = sides.reduce((total, { units }) => total + units, 0n);
    if (balance !== 0n) throw new Error('Invariant broken: a booking does not sum to zero');
    while (sources.length > 0 && destinations.length > 0) {
      const [source] = sources;
      const [destination] = destinations;
      if (!source || !destination) break;
      const units = -source.units < destination.units ? -source.units : destination.units;
      postings.push({
        source: source.address,
        destination: destination.address,
        amount: { asset, units },
      });
      source.units += units;
      destination.units -= units;
      if (source.units === 0n) sources.shift();
      if (destination.units === 0n) destinations.shift();
    }
  }
  const [first, ...rest] = postings;
  return first ? [first, ...rest] : null;
}

/** Two lines that cancel out, the usual hold or release, need no pairing. */
function simplePosting(
  booking: Booking,
  owner: Owner,
  provider: ProviderName | null,
): Posting | null {
  const [first, second] = booking;
  if (!first || !second || booking.length !== 2) return null;
  const isPair =
    first.amount.asset === second.amount.asset && first.amount.units === -second.amount.units;
  if (!isPair || first.amount.units === 0n) return null;
  const [giving, receiving] = first.amount.units < 0n ? [first, second] : [second, first];
  const source = addressOfPlace(giving.place, owner, provider);
  const destination = addressOfPlace(receiving.place, owner, provider);
  return source === destination ? null : { source, destination, amount: receiving.amount };
}

/** What postings did to the places of one owner: the inverse of `postingsOf`. */
export function bookingOf(postings: readonly Posting[]): Booking {
  // One posting has two places, which differ: there is nothing to add up.
  const [only] = postings;
  if (only && postings.length === 1) {
    const [from, to] = [placeOf(only.source), placeOf(only.destination)];
    if (from !== to) return [line(from, only.amount, -1n), line(to, only.amount)];
  }
  return sum(
    postings.flatMap(({ source, destination, amount }) => [
      line(placeOf(source), amount, -1n),
      line(placeOf(destination), amount),
    ]),
  );
}
