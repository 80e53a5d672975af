import { checkpoint, type Recorded, instantText, toWire } from '@counterfoil/domain';
import { subscribeToAll } from '@counterfoil/event-store';
import { withBooks } from '../books.ts';
import type { CommandEnvironment } from '../command-environment.ts';

export type EventsOptions = Readonly<{
  follow?: boolean;
  stream?: string;
  types?: string;
  after?: string;
  json?: boolean;
}>;

const pageSize = 1000;
/** As positions are printed: digits of a 64-bit integer. */
const positionPattern = /^\d{1,18}$/;

/** The log in its order: one line an event, or one JSON document a line. */
export async function printEvents(
  command: CommandEnvironment,
  options: EventsOptions,
): Promise<void> {
  const { output, clock, signal } = command;
  if (options.after !== undefined && !positionPattern.test(options.after)) {
    output.aside('--after is a position of the log, such as 1042.');
    return command.fail(2);
  }
  const types = options.types?.split(',').map((type) => type.trim());
  const isWanted = ({ stream, event }: Recorded) =>
    (options.stream === undefined || stream === options.stream) &&
    (types === undefined || types.includes(event.type));
  const print = (events: readonly Recorded[]) => {
    for (const recorded of events.filter(isWanted))
      if (options.json) output.json(jsonOf(recorded));
      else output.line(lineOf(recorded));
  };
  await withBooks(command, async ({ store }) => {
    const from = options.after === undefined ? ('start' as const) : checkpoint(options.after);
    if (options.follow)
      return subscribeToAll({
        store,
        clock,
        from,
        signal,
        handle: async ({ events }) => print(events),
      });
    let page = await store.readAll({ after: from, limit: pageSize });
    while (page.events.length > 0 && !signal.aborted) {
      print(page.events);
      page = await store.readAll({ after: page.next, limit: pageSize });
    }
  });
}

const lineOf = ({ position, occurredAt, stream, version, event }: Recorded): string =>
  `${position}  ${instantText(occurredAt)}  ${event.type}  ${stream}@${version}`;

const jsonOf = (recorded: Recorded) => ({
  position: recorded.position,
  eventId: recorded.eventId,
  type: recorded.event.type,
  stream: recorded.stream,
  version: Number(recorded.version),
  occurredAt: instantText(recorded.occurredAt),
  recordedAt: instantText(recorded.recordedAt),
  correlationId: recorded.correlationId,
  causationId: recorded.causationId,
  data: toWire(recorded.event.data),
});
