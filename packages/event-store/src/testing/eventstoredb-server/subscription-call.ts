import type { ReadReq } from '@eventstore/db-client/generated/streams_pb.js';
import type { ServiceError } from '@grpc/grpc-js';
import {
  caughtUpMessage,
  checkpointMessage,
  confirmationMessage,
  eventMessage,
} from './messages.ts';
import { firstFrom, type ReadCall } from './read-call.ts';
import type { ServerLog, ServerRecord } from './server-log.ts';

/** A subscription to all streams that is open. */
export interface ServerSubscription {
  /** Sends what was appended since. */
  readonly push: () => void;
  readonly repeatCaughtUp: (times: number) => void;
  readonly drop: (error: ServiceError) => void;
}

const windowDefault = 32;

/**
 * Confirmation, events behind the start position, "caught up", then live events. With a filter it
 * also tells how far it has looked, each so many records; in catch-up with a prepare position of 0.
 */
export function serverSubscription(
  call: ReadCall,
  log: ServerLog,
  options: ReadReq.Options,
  id: string,
): ServerSubscription {
  const isWanted = filterOf(options);
  const filter = options.getFilter();
  const window = (filter?.hasMax() ? filter.getMax() : windowDefault) || windowDefault;
  const checkpointEach = window * (filter?.getCheckpointintervalmultiplier() ?? 1);
  let next = startIndex(log, options);
  let considered = 0;

  const send = (record: ServerRecord, isCatchingUp: boolean) => {
    if (isWanted(record)) call.write(eventMessage(record));
    considered += 1;
    if (filter === undefined || considered % checkpointEach !== 0) return;
    call.write(checkpointMessage(record.position, isCatchingUp ? 0n : record.position));
  };

  const sendUpToEnd = (isCatchingUp: boolean) => {
    for (; next < log.records.length; next += 1) {
      const record = log.records[next];
      if (record !== undefined) send(record, isCatchingUp);
    }
  };

  call.write(confirmationMessage(id));
  sendUpToEnd(true);
  call.write(caughtUpMessage());
  return {
    push: () => sendUpToEnd(false),
    repeatCaughtUp: (times) => {
      for (let n = 0; n < times; n += 1) call.write(caughtUpMessage());
    },
    drop: (error) => void call.emit('error', error),
  };
}

/** A position is exclusive; a checkpoint with a prepare position of 0 counts like any other. */
function startIndex(log: ServerLog, options: ReadReq.Options): number {
  const all = options.getAll();
  if (all?.hasEnd()) return log.records.length;
  const position = all?.getPosition();
  return position ? firstFrom(log.records, BigInt(position.getCommitPosition()) + 1n) : 0;
}

function filterOf(options: ReadReq.Options): (record: ServerRecord) => boolean {
  const filter = options.getFilter();
  if (filter === undefined) return () => true;
  const [expression, textOf] = filter.hasStreamIdentifier()
    ? [filter.getStreamIdentifier(), (record: ServerRecord) => record.stream]
    : [filter.getEventType(), (record: ServerRecord) => new Map(record.metadata).get('type') ?? ''];
  const prefixes = expression?.getPrefixList() ?? [];
  if (prefixes.length > 0)
    return (record) => prefixes.some((prefix) => textOf(record).startsWith(prefix));
  const pattern = new RegExp(expression?.getRegex() ?? '');
  return (record) => pattern.test(textOf(record));
}
