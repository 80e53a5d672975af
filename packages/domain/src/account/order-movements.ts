import { byTime, type KeptEvent } from '../canonical/kept-event.ts';
import type { LifecycleFact } from './messages.ts';
import { eventsIn, isCompletion, isFailure, isTransfer, namesIn } from './order-fact.ts';

/** What the provider tells apart by an id of its own: the names that are only its, and its facts. */
export type Movement = Readonly<{ names: readonly string[]; facts: readonly LifecycleFact[] }>;

/** A name that the provider told with several movements, and an event of each. */
export type SharedName = Readonly<{ name: string; events: readonly KeptEvent[] }>;

/**
 * What goes by one name is one movement, unless the provider told several of its ids with that name:
 * it does not promise that ours is unique. What has the shared name alone, such as our order, is
 * of the first of them: of those that were sent, else of those that have not failed.
 */
export function movementsOf(
  facts: readonly LifecycleFact[],
): Readonly<{ movements: readonly Movement[]; shared: readonly SharedName[] }> {
  const parts = joinedParts(facts);
  const told = parts.flatMap(({ names }) =>
    names.map((name) => ({ name, by: tellersOf(name, parts) })),
  );
  const shared = told.filter(({ by }) => by.length > 1);
  const hosts = new Map(parts.map((part) => [part, hostOf(part, shared)]));
  return {
    movements: parts.flatMap((part) => {
      if (hosts.get(part) !== null) return [];
      const guests = parts.filter((guest) => hosts.get(guest) === part);
      return [{ ...part, facts: [part, ...guests].flatMap((each) => each.facts) }];
    }),
    shared: shared.map(({ name, by }) => ({
      name,
      events: by.flatMap((part) => eventsIn(part.facts)[0] ?? []),
    })),
  };
}

type Told = Readonly<{ name: string; by: readonly Movement[] }>;

/** Which movement has what goes by a shared name alone; null for a movement of its own. */
function hostOf(part: Movement, shared: readonly Told[]): Movement | null {
  if (!isGuest(part, shared)) return null;
  return shared
    .filter(({ name }) => part.names.includes(name))
    .flatMap(({ by }) => by.filter((host) => !isGuest(host, shared)))
    .reduce<Movement | null>(
      (first, host) => (first && firstSent(first, host) <= 0 ? first : host),
      null,
    );
}

const isGuest = (part: Movement, shared: readonly Told[]): boolean =>
  shared.some(({ name, by }) => part.names.includes(name) && !by.includes(part));

/** A name that is told with one other id only is another name of what has that id. */
function joinedParts(facts: readonly LifecycleFact[]): readonly Movement[] {
  const names = [...new Set(facts.flatMap(namesIn))].sort();
  let parts = names.map(
    (name): Movement => ({
      names: [name],
      facts: facts.filter((fact) => namesIn(fact)[0] === name),
    }),
  );
  for (;;) {
    const pair = names.flatMap((name) => joinedBy(name, parts))[0];
    if (pair === undefined) return parts;
    const { part, teller } = pair;
    const joined: Movement = {
      names: [...teller.names, ...part.names].sort(),
      facts: [...teller.facts, ...part.facts],
    };
    parts = [...parts.filter((known) => known !== part && known !== teller), joined];
  }
}

function joinedBy(name: string, parts: readonly Movement[]) {
  const part = parts.find((known) => known.names.includes(name));
  const [teller, ...others] = tellersOf(name, parts);
  return part && teller && teller !== part && others.length === 0 ? [{ part, teller }] : [];
}

/** Of which parts an event carries the name beside the id that it is about. */
const tellersOf = (name: string, parts: readonly Movement[]): readonly Movement[] =>
  parts.filter(({ facts }) =>
    facts.some((fact) => {
      const [own, ...others] = namesIn(fact);
      return own !== name && others.includes(name);
    }),
  );

function firstSent(left: Movement, right: Movement): number {
  const [ours, theirs] = [eventsIn(left.facts), eventsIn(right.facts)];
  const [first, other] = [ours[0], theirs[0]];
  return rankOf(ours) - rankOf(theirs) || (first && other ? byTime(first, other) : 0);
}

const rankOf = (events: readonly KeptEvent[]): number =>
  events.some((event) => isCompletion(event) || isTransfer(event))
    ? 0
    : events.some(isFailure)
      ? 2
      : 1;
