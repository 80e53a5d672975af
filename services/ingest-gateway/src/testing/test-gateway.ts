import { instant } from '@counterfoil/domain';
import type { ProviderAdapter } from '@counterfoil/providers';
import { sampleAdapters } from '@counterfoil/providers/testing';
import {
  type Clock,
  type HttpServer,
  httpServer,
  jsonLogger,
  processMetrics,
  systemClock,
} from '@counterfoil/runtime';
import { Writable } from 'node:stream';
import type { GatewaySettings } from '../config.ts';
import { type IngestGateway, ingestGateway, type IngestGatewayPorts } from '../ingest-gateway.ts';
import { inMemoryInbox } from '../inbox/in-memory-inbox.ts';
import type { Inbox } from '../inbox/inbox.ts';
import { inMemoryRejectedDeliveries } from '../rejected/in-memory-rejected-deliveries.ts';
import type { RejectedBounds } from '../rejected/rejected-deliveries.ts';
import { type RecordingBus, recordingBus } from './recording-bus.ts';

export type TestGateway = Readonly<{
  gateway: IngestGateway;
  inbox: Inbox;
  bus: RecordingBus;
  clock: Clock;
  /** Signs `body` as the adapter's provider would, unless `headers` are given instead. */
  deliver: (
    adapter: ProviderAdapter,
    body: Uint8Array | string,
    changes?: Readonly<{ path?: string; headers?: Readonly<Record<string, string>> }>,
  ) => Promise<TestAnswer>;
  metricsText: () => Promise<string>;
  log: () => string;
  close: () => Promise<void>;
}>;

export type TestAnswer = Readonly<{ status: number; body: string; headers: Headers }>;

export const testSettings: GatewaySettings = {
  authorizationDeadlineMs: 800,
  pathTokens: new Map(),
  inFlightMax: 100,
  inFlightBytesMax: 8 * 1024 * 1024,
  retention: { archiveMs: null, quarantineMs: null },
  quarantineBytesMax: 1024 * 1024,
};

export const testBounds: RejectedBounds = {
  retentionMs: 30 * 24 * 60 * 60 * 1000,
  bytesMax: 1024 * 1024,
};

/** A gateway on a free port, in memory unless `overrides` bring something else; not started. */
export async function testGateway(
  overrides: Partial<IngestGatewayPorts> = {},
): Promise<TestGateway> {
  let log = '';
  const sink = new Writable({
    write: (chunk, _encoding, done) => {
      log += String(chunk);
      done();
    },
  });
  const logger = jsonLogger({ service: 'test', level: 'debug', destination: sink });
  const clock = overrides.clock ?? systemClock();
  const inbox = overrides.inbox ?? inMemoryInbox();
  const metrics = processMetrics({ withProcessMetrics: false });
  const bus = recordingBus();
  const gateway = ingestGateway({
    rejected: inMemoryRejectedDeliveries({ clock, bounds: testBounds }),
    adapters: Object.values(sampleAdapters()),
    bus,
    authorizer: { decide: async () => ({ kind: 'approved' }) },
    logger,
    metrics,
    settings: testSettings,
    ...overrides,
    clock,
    inbox,
  });
  const server: HttpServer = await httpServer({
    logger,
    clock: systemClock(),
    bodyLimitBytes: 1024,
    description: { title: 'A test', version: '1', description: 'A test' },
  });
  gateway.registerRoutes(server);
  const url = await server.listen({ port: 0, host: '127.0.0.1' });
  return {
    gateway,
    inbox,
    bus,
    clock,
    deliver: async (adapter, body, changes = {}) => {
      const bytes = typeof body === 'string' ? Buffer.from(body) : Buffer.from(body);
      const path = changes.path ?? `/webhooks/${adapter.provider}`;
      const signed = adapter.sign(bytes, instantOf(clock));
      const headers = { 'content-type': 'application/json', ...(changes.headers ?? signed) };
      const answer = await fetch(url + path, { method: 'POST', headers, body: bytes });
      return { status: answer.status, body: await answer.text(), headers: answer.headers };
    },
    metricsText: () => metrics.metrics(),
    log: () => log,
    close: async () => {
      await server.close();
      await gateway.stop();
    },
  };
}

const instantOf = (clock: Clock) => instant(Math.floor(clock.now()));
