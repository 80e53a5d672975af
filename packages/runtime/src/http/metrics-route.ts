import type { HttpServer } from './http-server.ts';

/** What a prom-client registry is. */
export type MetricsSource = Readonly<{ contentType: string; metrics: () => Promise<string> }>;

/** `/metrics` in Prometheus text. */
export function registerMetrics(server: HttpServer, source: MetricsSource): void {
  server.get(
    '/metrics',
    { schema: { summary: 'Prometheus metrics', tags: ['operations'], security: [] } },
    async (_request, reply) =>
      reply.header('content-type', source.contentType).send(await source.metrics()),
  );
}
