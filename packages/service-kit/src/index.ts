export { assertDatabaseRole } from './database-role.ts';
export type { ExpectedDatabase } from './database-role.ts';
export { watchDatabaseRole } from './watch-database-role.ts';
export { IndeterminateError, databaseRefusal } from './database-errors.ts';
export { createKysely, createPool } from './database-pool.ts';
export type { PoolOptions } from './database-pool.ts';
export { durably } from './durably.ts';
export type { DurablePool, DurableStatement } from './durably.ts';
export { packBytes } from './pack-bytes.ts';
export type { PackedColumn } from './pack-bytes.ts';
export { withTenant } from './with-tenant.ts';
export { answer, whileAwaited } from './http/answer.ts';
export type { Answer } from './http/answer.ts';
export { createApp, methodNotAllowed, notFound } from './http/app.ts';
export { beforeDeadline } from './http/before-deadline.ts';
export { jsonBody, requireNdjson } from './http/body.ts';
export { metricsRoutes } from './http/metrics.routes.ts';
export { readLines, writeLine } from './http/ndjson.ts';
export { problemCodeOf, problemHandler, problemOf } from './http/problem.ts';
export type { Problem } from './http/problem.ts';
export { requestIdOf } from './http/request-id.ts';
export { securityHeaders } from './http/security-headers.ts';
export { createLogger, safeFacts } from './logger.ts';
export type { Logger } from './logger.ts';
export * as openApi from './openapi/document-parts.ts';
export { watchHeadRoom } from './process/head-room.ts';
export type { HeadRoom } from './process/head-room.ts';
export { healthRoutes } from './process/health.ts';
export { createMetrics } from './process/metrics.ts';
export type { Metrics } from './process/metrics.ts';
export { assertProfile } from './process/profile.ts';
export type { Profile, ProfileFacts } from './process/profile.ts';
export { repeatedly } from './process/repeatedly.ts';
export type { Repeated } from './process/repeatedly.ts';
export { runService } from './process/run-service.ts';
export type { RunningService } from './process/run-service.ts';
export { loadSettings } from './settings.ts';
export { StartupError } from './startup-error.ts';
export { tlsFiles } from './tls/identity.ts';
export type { TlsFiles, TlsIdentity, TlsMaterial } from './tls/identity.ts';
export { createMutualServer } from './tls/mutual-server.ts';
export type { MutualServer, MutualServerOptions } from './tls/mutual-server.ts';
export { peerOf } from './tls/peer.ts';
export type { Peer } from './tls/peer.ts';
export { ServiceCallError, createServiceClient } from './tls/service-client.ts';
export type {
  CallOptions,
  ServiceAnswer,
  ServiceClient,
  ServiceClientOptions,
} from './tls/service-client.ts';
export { requirePerson, requireScope } from './tokens/access-token.ts';
export type { AccessToken, VerifyAccessToken } from './tokens/access-token.ts';
export { authenticate, callerOf } from './tokens/authenticate.ts';
export type { AuthenticateDependencies } from './tokens/authenticate.ts';
export type { Caller } from './tokens/caller.ts';
export { createTokenVerifier } from './tokens/token-verifier.ts';
export type { TokenVerifierOptions } from './tokens/token-verifier.ts';
