import { randomUUID } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import features from '@eventstore/db-client/generated/serverfeatures_pb.js';
import type { SupportedMethods } from '@eventstore/db-client/generated/serverfeatures_pb.js';
import featuresServices from '@eventstore/db-client/generated/serverfeatures_grpc_pb.js';
import type { AppendResp, ReadReq, ReadResp } from '@eventstore/db-client/generated/streams_pb.js';
import streamsServices from '@eventstore/db-client/generated/streams_grpc_pb.js';
import {
  type sendUnaryData,
  Server,
  ServerCredentials,
  type ServerUnaryCall,
  type ServiceError,
  status,
} from '@grpc/grpc-js';
import { answeredAppend, type AppendCall, receivedAppend } from './append-call.ts';
import { connectionFront } from './connection-front.ts';
import { refusal } from './messages.ts';
import { asServiceError, type ReadCall, readMessages } from './read-call.ts';
import { type ServerLog, serverLog } from './server-log.ts';
import { type ServerSubscription, serverSubscription } from './subscription-call.ts';

/** What a test can make the server do. */
export type ServerFaults = Readonly<{
  /** The next appends and readings are refused before anything is done. */
  refuseNext: (calls: number, error?: ServiceError) => void;
  refuseSubscriptions: (isRefused: boolean) => void;
  /** The next appends are stored, and every connection is cut before the answer. */
  cutAfterNextAppends: (appends: number) => void;
  /** Every connection ends, and there are no new ones until `comeBack`. */
  goAway: () => void;
  comeBack: () => void;
  /** Calls are taken and not answered until `thaw`; nothing is pushed. */
  freeze: () => void;
  thaw: () => void;
  /** Ends the open subscriptions; returns how many there were. */
  dropSubscriptions: (error?: ServiceError) => number;
  repeatCaughtUp: (times: number) => void;
  /** As a restart does to ANY and STREAM_EXISTS. */
  forgetRecentIds: () => void;
}>;

export type EventStoreDbServer = Readonly<{
  url: string;
  log: ServerLog;
  faults: ServerFaults;
  calls: Readonly<ServerCalls>;
  /** Where each subscription began: `end`, or a commit and a prepare position. */
  subscribedFrom: readonly string[];
  stop: () => Promise<void>;
}>;

/** How many calls came, and of appends and readings how many there were at once. */
export type ServerCalls = {
  append: number;
  /** Of those, the ones that expect any revision, or any but none. */
  inexactAppend: number;
  batchAppend: number;
  read: number;
  subscribe: number;
  atOnceMax: number;
};

const notReady = (): ServiceError => refusal(status.UNAVAILABLE, 'Server Is Not Ready');
const tooSlow = (): ServiceError =>
  refusal(
    status.ABORTED,
    'Operation timed out: Consumer too slow to handle event while live. Client resubscription required.',
  );

// As a real server: a further call waits until one ends.
const concurrentCallsMax = 100;
const messageBytesMax = 16 * 1024 * 1024;
const version = '24.2.0';
const supported = [
  'event_store.client.streams.streams/read',
  'event_store.client.streams.streams/append',
  'event_store.client.streams.streams/batchappend',
  'event_store.client.server_features.serverfeatures/getsupportedmethods',
];

/** EventStoreDB's streams as far as appends, readings and subscriptions go, in this process. */
export async function serveEventStoreDb(): Promise<EventStoreDbServer> {
  const subscriptions = new Set<ServerSubscription>();
  const counted = { append: 0, inexactAppend: 0, batchAppend: 0, read: 0, subscribe: 0 };
  const calls: ServerCalls = { ...counted, atOnceMax: 0 };
  const subscribedFrom: string[] = [];
  let callsNow = 0;
  let areSubscriptionsRefused = false;
  const refusals: ServiceError[] = [];
  let cuts = 0;
  let frozen: PromiseWithResolvers | null = null;
  let isPushing = false;

  const push = () => {
    isPushing = false;
    if (frozen === null) for (const subscription of subscriptions) subscription.push();
  };
  // Events of one append, and of appends of one moment, go out together.
  const log = serverLog(Date.now, () => {
    if (!isPushing) setImmediate(push);
    isPushing = true;
  });

  const enter = () => {
    callsNow += 1;
    calls.atOnceMax = Math.max(calls.atOnceMax, callsNow);
  };

  const append = async (call: AppendCall, answer: sendUnaryData<AppendResp>) => {
    calls.append += 1;
    enter();
    const { options, proposed } = await receivedAppend(call);
    if (options?.hasAny() || options?.hasStreamExists()) calls.inexactAppend += 1;
    await frozen?.promise;
    callsNow -= 1;
    const refused = refusals.shift();
    if (refused !== undefined) return answer(refused);
    const answered = answeredAppend(log, options, proposed);
    if (cuts === 0) return answer(...answered);
    cuts -= 1;
    front.cut();
  };

  const read = async (call: ReadCall) => {
    const options = call.request.getOptions();
    if (options === undefined) return;
    if (options.hasSubscription()) return subscribe(call, options);
    calls.read += 1;
    enter();
    await frozen?.promise;
    callsNow -= 1;
    const refused = refusals.shift();
    if (refused !== undefined) return void call.emit('error', refused);
    try {
      for (const message of readMessages(log, options)) call.write(message);
      call.end();
    } catch (error) {
      call.emit('error', asServiceError(error));
    }
  };

  const subscribe = async (call: ReadCall, options: ReadReq.Options) => {
    calls.subscribe += 1;
    await frozen?.promise;
    if (areSubscriptionsRefused) return void call.emit('error', notReady());
    const position = options.getAll()?.getPosition();
    subscribedFrom.push(
      position ? `${position.getCommitPosition()}/${position.getPreparePosition()}` : 'end',
    );
    const subscription = serverSubscription(call, log, options, randomUUID());
    subscriptions.add(subscription);
    const forget = () => subscriptions.delete(subscription);
    call.on('cancelled', forget);
    call.on('close', forget);
  };

  const server = new Server({
    'grpc.max_concurrent_streams': concurrentCallsMax,
    'grpc.max_receive_message_length': messageBytesMax,
  });
  server.addService(streamsServices.StreamsService, {
    append: (call: AppendCall, answer: sendUnaryData<AppendResp>) => void append(call, answer),
    read: (call: ServerUnaryCall<ReadReq, ReadResp> & ReadCall) => void read(call),
    batchAppend: (call: ReadCall) => {
      calls.batchAppend += 1;
      call.emit('error', refusal(status.UNIMPLEMENTED, 'This server takes no batches'));
    },
  });
  server.addService(featuresServices.ServerFeaturesService, {
    getSupportedMethods: (_call: unknown, answer: sendUnaryData<SupportedMethods>) =>
      answer(null, supportedMethods()),
  });
  const port = await bound(server);
  const front = await connectionFront(port);

  return {
    url: `esdb://127.0.0.1:${front.port}?tls=false`,
    log,
    calls,
    subscribedFrom,
    faults: {
      refuseNext: (count, error = notReady()) => {
        for (let n = 0; n < count; n += 1) refusals.push(error);
      },
      refuseSubscriptions: (isRefused) => {
        areSubscriptionsRefused = isRefused;
      },
      cutAfterNextAppends: (count) => {
        cuts += count;
      },
      goAway: () => {
        front.shut();
        front.cut();
      },
      comeBack: front.open,
      freeze: () => {
        frozen ??= withResolvers();
      },
      thaw: () => {
        frozen?.resolve();
        frozen = null;
        push();
      },
      dropSubscriptions: (error = tooSlow()) => {
        const open = [...subscriptions];
        subscriptions.clear();
        for (const subscription of open) subscription.drop(error);
        return open.length;
      },
      repeatCaughtUp: (times) => {
        for (const subscription of subscriptions) subscription.repeatCaughtUp(times);
      },
      forgetRecentIds: log.forgetRecentIds,
    },
    stop: async () => {
      frozen?.resolve();
      await front.close();
      server.forceShutdown();
    },
  };
}

type PromiseWithResolvers = Readonly<{ promise: Promise<void>; resolve: () => void }>;

function withResolvers(): PromiseWithResolvers {
  let resolve = () => {};
  const promise = new Promise<void>((onResolved) => {
    resolve = onResolved;
  });
  return { promise, resolve };
}

function supportedMethods(): SupportedMethods {
  const methods = supported.map((path) => {
    const [service = '', name = ''] = path.split('/');
    return new features.SupportedMethod().setServiceName(service).setMethodName(name);
  });
  return new features.SupportedMethods()
    .setEventStoreServerVersion(version)
    .setMethodsList(methods);
}

const bound = (server: Server): Promise<AddressInfo['port']> =>
  new Promise((resolve, reject) => {
    server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, port) =>
      error === null ? resolve(port) : reject(error),
    );
  });
