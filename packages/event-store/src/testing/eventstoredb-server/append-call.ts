import type { AppendReq, AppendResp } from '@eventstore/db-client/generated/streams_pb.js';
import { type sendUnaryData, type ServerReadableStream, status } from '@grpc/grpc-js';
import {
  handlerThrew,
  nameOf,
  refusal,
  streamDeleted,
  successMessage,
  wrongVersionMessage,
} from './messages.ts';
import type { Expected, Proposed, ServerLog } from './server-log.ts';

// The sum of the events' data; the server counts nothing else.
const appendSizeMax = 1_048_576;
const uuidPattern = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

export type AppendCall = ServerReadableStream<AppendReq, AppendResp>;
export type AppendAnswer = Parameters<sendUnaryData<AppendResp>>;

/** Options first, then one event a message; resolves at the client's half-close. */
export function receivedAppend(
  call: AppendCall,
): Promise<Readonly<{ options: AppendReq.Options | undefined; proposed: readonly Proposed[] }>> {
  return new Promise((resolve) => {
    let options: AppendReq.Options | undefined;
    const proposed: Proposed[] = [];
    call.on('data', (request: AppendReq) => {
      if (request.hasOptions()) options = request.getOptions();
      const message = request.getProposedMessage();
      if (message === undefined) return;
      proposed.push({
        id: message.getId()?.getString() ?? '',
        metadata: message.getMetadataMap().toArray(),
        customMetadata: message.getCustomMetadata_asU8(),
        data: message.getData_asU8(),
      });
    });
    call.on('end', () => resolve({ options, proposed }));
  });
}

/** Decides and stores. */
export function answeredAppend(
  log: ServerLog,
  options: AppendReq.Options | undefined,
  proposed: readonly Proposed[],
): AppendAnswer {
  const stream = nameOf(options?.getStreamIdentifier());
  const expected = options && expectedOf(options);
  if (expected === undefined)
    return [refusal(status.INVALID_ARGUMENT, 'The expected revision is missing.')];
  const kinds = proposed.map(({ metadata }) => new Map(metadata).get('type'));
  if (stream === '' || proposed.some(({ id }) => !uuidPattern.test(id)) || kinds.includes(''))
    return [handlerThrew()];
  if (kinds.includes(undefined))
    return [
      refusal(status.INVALID_ARGUMENT, 'Required Metadata Property Missing', {
        exception: 'missing-required-metadata-property',
        'required-metadata-properties': 'type,content-type',
      }),
    ];
  if (proposed.reduce((sum, { data }) => sum + data.length, 0) > appendSizeMax)
    return [
      refusal(status.INVALID_ARGUMENT, `Maximum Append Size of ${appendSizeMax} Exceeded.`, {
        exception: 'maximum-append-size-exceeded',
        'maximum-append-size': String(appendSizeMax),
      }),
    ];
  const answer = log.append(stream, expected, proposed);
  switch (answer.outcome) {
    case 'stored':
      return [null, successMessage(answer.revision, answer.position)];
    case 'wrong-version':
      return [null, wrongVersionMessage(answer.current, expected)];
    case 'deleted':
      return [streamDeleted(stream)];
  }
}

function expectedOf(options: AppendReq.Options): Expected | undefined {
  if (options.hasNoStream()) return 'no-stream';
  if (options.hasAny()) return 'any';
  if (options.hasStreamExists()) return 'stream-exists';
  return options.hasRevision() ? Number(options.getRevision()) : undefined;
}
