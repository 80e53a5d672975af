export type { Clock } from './clock.ts';
export { systemClock } from './system-clock.ts';
export { jsonLogger, logLevels, redactedNames, silentLogger } from './logger.ts';
export type { LogFields, Logger, LogLevel } from './logger.ts';
export type { Database, SqlResult, SqlSession } from './postgres/database.ts';
export { postgresDatabase } from './postgres/pool.ts';
export type { PostgresOptions } from './postgres/pool.ts';
export { isUnavailable, sqlState } from './postgres/faults.ts';
export { whileLeading } from './postgres/while-leading.ts';
export type { LeadershipOptions } from './postgres/while-leading.ts';
export { migrate, MigrationRefused } from './postgres/migrate.ts';
export type { Migration, MigrationSet } from './postgres/migrate.ts';
export { readEnvironment } from './environment.ts';
export type { Environment } from './environment.ts';
export { httpServer } from './http/http-server.ts';
export type { HttpRequest, HttpServer, HttpServerOptions } from './http/http-server.ts';
export type { ReadinessCheck } from './http/health.ts';
export type { MetricsSource } from './http/metrics-route.ts';
export type { ApiDescription } from './http/openapi.ts';
export type { ObservedRequest, RequestObserver } from './http/request-log.ts';
export { internalAccess } from './http/internal-access.ts';
export { internalClient, isNotReached } from './http/internal-client.ts';
export type { InternalAnswer, InternalClient } from './http/internal-client.ts';
export { rawBodyLimitBytes, registerRaw } from './http/raw-route.ts';
export type { RawAnswer, RawRequest, RawRoute } from './http/raw-route.ts';
export { problemError, ProblemError, problems } from './http/problem.ts';
export type { Problem, ProblemCode, ProblemExtras, RequestFault } from './http/problem.ts';
export { backoffMs, chanceOf, retry } from './retry.ts';
export type { Backoff, RetryOptions } from './retry.ts';
export { latencyBucketsSeconds, processMetrics } from './metrics.ts';
export type { CounterMetric, GaugeMetric, HistogramMetric, Labels, Metrics } from './metrics.ts';
export { lifecycle, untilStopped } from './lifecycle.ts';
export type { Lifecycle, Started } from './lifecycle.ts';
export { stopOnSignals } from './stop-on-signals.ts';
export type { SignalSource } from './stop-on-signals.ts';
export {
  ConfigError,
  defineConfig,
  describeConfig,
  parseConfig,
  requiredVariable,
  variable,
} from './config.ts';
export type { ConfigDefinition, ConfigFault, ConfigOf, ConfigRow, Variable } from './config.ts';
export {
  choiceText,
  flagText,
  integerText,
  listText,
  portText,
  urlText,
} from './config-schemas.ts';
export { DatabaseUnobtainable, embeddedPostgres } from './postgres/embedded/embedded-postgres.ts';
export type {
  EmbeddedPostgres,
  EmbeddedPostgresOptions,
} from './postgres/embedded/embedded-postgres.ts';
