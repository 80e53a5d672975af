import type { ReadReq, ReadResp } from '@eventstore/db-client/generated/streams_pb.js';
import { type ServerWritableStream, type ServiceError, status } from '@grpc/grpc-js';
import {
  eventMessage,
  handlerThrew,
  nameOf,
  refusal,
  streamDeleted,
  streamNotFoundMessage,
} from './messages.ts';
import type { ServerLog, ServerRecord } from './server-log.ts';

export type ReadCall = ServerWritableStream<ReadReq, ReadResp>;

const isBackwards = (options: ReadReq.Options) => Number(options.getReadDirection()) === 1;

/** A bounded reading of one stream or of all of them; throws what the call ends with. */
export function readMessages(log: ServerLog, options: ReadReq.Options): readonly ReadResp[] {
  const count = Number(options.getCount());
  if (count === 0) throw refusal(status.UNKNOWN, 'Unexpected ReadStreamResult: Error');
  const source = options.getStream();
  if (source === undefined) return allRecords(log, options).slice(0, count).map(eventMessage);
  const stream = nameOf(source.getStreamIdentifier());
  if (log.isDeleted(stream)) throw streamDeleted(stream);
  const records = log.streamOf(stream);
  if (records.length === 0) return [streamNotFoundMessage(stream)];
  const from = source.hasEnd() ? records.length - 1 : Number(source.getRevision() || 0);
  if (isBackwards(options)) {
    const first = source.hasStart() ? 0 : from;
    return records
      .slice(0, first + 1)
      .toReversed()
      .slice(0, count)
      .map(eventMessage);
  }
  if (source.hasEnd()) throw refusal(status.UNKNOWN, 'Unexpected ReadStreamResult: Error');
  return records.slice(from, from + count).map(eventMessage);
}

/** Forward a position is included, backward it is not. */
function allRecords(log: ServerLog, options: ReadReq.Options): readonly ServerRecord[] {
  const all = options.getAll();
  const back = isBackwards(options);
  if (all?.hasStart()) return back ? [] : log.records;
  if (all?.hasEnd()) return back ? log.records.toReversed() : [];
  const at = checkedPosition(log, options);
  const index = firstFrom(log.records, at);
  return back ? log.records.slice(0, index).toReversed() : log.records.slice(index);
}

function checkedPosition(log: ServerLog, options: ReadReq.Options): bigint {
  const position = options.getAll()?.getPosition();
  const commit = BigInt(position?.getCommitPosition() ?? 0);
  const prepare = BigInt(position?.getPreparePosition() ?? 0);
  if (commit < prepare) throw handlerThrew();
  const last = log.records.at(-1)?.position ?? 0n;
  const isAtRecord = log.records[firstFrom(log.records, commit)]?.position === commit;
  if (commit < last && !isAtRecord)
    throw refusal(status.UNKNOWN, 'Unexpected ReadAllResult: InvalidPosition');
  return commit;
}

/** The index of the first record at or behind a position. */
export function firstFrom(records: readonly ServerRecord[], position: bigint): number {
  let [low, high] = [0, records.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((records[middle]?.position ?? 0n) < position) low = middle + 1;
    else high = middle;
  }
  return low;
}

export const asServiceError = (error: unknown): ServiceError =>
  error instanceof Error && 'code' in error ? (error as ServiceError) : handlerThrew();
