import type { KeyObject } from 'node:crypto';
import { Router } from 'express';
import type { Express } from 'express';
import type { Kysely } from 'kysely';
import type { Pool } from 'pg';
import type { Clock } from '@mnv/core';
import { OPERATOR_TENANT } from '@mnv/core';
import type { Logger, ServiceClient, VerifyAccessToken } from '@mnv/service-kit';
import { createApp as createExpressApp, healthRoutes, safeFacts } from '@mnv/service-kit';
import { authenticate } from './authenticate.ts';
import type { Caller } from './caller.ts';
import type { AccessDatabase } from './database.ts';
import { makeAskVault } from './disclosure/ask-vault.ts';
import { makeDiscloseNumbers } from './disclosure/disclose-numbers.ts';
import { disclosureRoutes } from './disclosure/disclosures.routes.ts';
import { makeReleaseRuns } from './disclosure/release-runs.ts';
import { LogWriter } from './log/append-entries.ts';
import {
  edgeAt,
  insertBatches,
  loadHead,
  newestCheckpoint,
  readBatches,
} from './log/log-batch.repository.ts';
import { findTile, insertTile } from './log/log-tile.repository.ts';
import { logRoutes } from './log/log.routes.ts';
import { makeLogOf, newLog } from './log/open-log.ts';
import { proveGrowth } from './log/prove-growth.ts';
import { findFirstSince, readEntriesBetween } from './log/read-entries.ts';
import { makeTileReader } from './log/read-nodes.ts';
import { findTenant, insertTenant, listTenants } from './log/tenant.repository.ts';
import { makeNoteFailedAttempt } from './note-failed-attempt.ts';
import { openApiDocument } from './openapi.ts';
import { makeCachedRegister } from './policy/cached-register.ts';
import type { PolicyRequest } from './policy/decide.ts';
import { decide } from './policy/decide.ts';
import { findRegisteredPerson } from './policy/register.repository.ts';
import { makeRecordAct } from './record-act.ts';
import { recordRoutes } from './records/records.routes.ts';
import { makeVaultRecords } from './records/vault-records.ts';
import { administrationRoutes } from './registers/administration.routes.ts';
import { makeCreateTenant } from './registers/create-tenant.ts';
import {
  insertAssignment,
  insertOperator,
  insertTraining,
  operatorExists,
} from './registers/register.repository.ts';
import type { Period } from './reports/period.ts';
import { reportRoutes } from './reports/reports.routes.ts';
import { openWitnessWatch } from './witness/open-witness-watch.ts';
import type { WitnessClient } from './witness/witness-client.ts';
import type { WitnessWatch } from './witness/witness-watch.ts';
import { newestWitnessed } from './witness/witnessed.repository.ts';

export type AppDependencies = {
  deployment: string;
  db: Kysely<AccessDatabase>;
  /** The same database, for the statements whose durability is checked. */
  pool: Pool;
  signingKey: KeyObject;
  vault: ServiceClient;
  verifyAccessToken: VerifyAccessToken;
  log: Logger;
  clock: Clock;
  /** External witnesses of every log; at least one. */
  witnesses: readonly WitnessClient[];
  /** Resolves when what the service needs is there. */
  ready(): Promise<unknown>;
};

/** Wires the service and opens the operator company's log. Listens to nothing; the watch is not started. */
export async function createApp(
  deps: AppDependencies,
): Promise<{ app: Express; watch: WitnessWatch }> {
  const { db, pool, clock, deployment, log: serviceLog } = deps;
  const writer = new LogWriter({
    loadHead: (logId) => loadHead(db, logId),
    insertBatches: (batches, deadlineMs) => insertBatches(pool, batches, deadlineMs),
    reportDoubt: (error) => serviceLog.error('log append in doubt', safeFacts(error)),
    signingKey: deps.signingKey,
    clock,
  });
  const readStored = (logId: string, range: { first: number; limit: number }) =>
    readBatches(db, logId, range);
  const storedEdgeAt = (logId: string, size: number) => edgeAt(db, logId, size);
  const tileReaderOf = (logId: string) =>
    makeTileReader(
      logId,
      {
        findTile: (id, level, idx) => findTile(db, id, { level, idx }),
        insertTile: (id, tile) => insertTile(db, id, tile),
      },
      readStored,
    );
  const watch = openWitnessWatch({
    db,
    readBatches: readStored,
    tileReaderOf,
    witnesses: deps.witnesses,
    log: serviceLog,
    clock,
  });
  const append: LogWriter['append'] = async (log, drafts, lane) => {
    watch.requireNotSetBack(log.logId);
    return writer.append(log, drafts, lane);
  };
  const newestOf = (logId: string) => newestCheckpoint(db, logId);
  const logOf = makeLogOf((tenantId) => findTenant(db, tenantId));
  const register = makeCachedRegister((tenantId, subject) =>
    findRegisteredPerson(db, tenantId, subject),
  );
  const decideFor = async ({ token }: Caller, request: PolicyRequest) =>
    decide(await register(token.tenant, token.subject), request);
  const operatorLog = await insertTenant(
    db,
    { tenantId: OPERATOR_TENANT, name: OPERATOR_TENANT, ...newLog(deployment) },
    'access-proxy',
  );
  const askVault = makeAskVault({
    vault: deps.vault,
    nodesOf: (logId) => writer.nodesOf(logId),
    forgetBefore: (logId, size) => writer.forgetBefore(logId, size),
    proveFromDatabase: (logId, sizes) =>
      proveGrowth(logId, sizes, { edgeAt: storedEdgeAt, readBatches: readStored }),
  });
  const discloseNumbers = makeDiscloseNumbers({
    logOf,
    append,
    requireWitnessed: (logId) => watch.requireWitnessed(logId),
    decide: decideFor,
    clock,
    release: makeReleaseRuns(askVault),
    reportLostOutcome: (error) => serviceLog.warn('outcome entry lost', safeFacts(error)),
  });
  const recordAct = makeRecordAct({ logOf, append, decide: decideFor, clock });
  const vault = makeVaultRecords(deps.vault);

  const openApi = openApiDocument();
  const handlers = [
    healthRoutes([deps.ready]),
    Router().get('/openapi.json', (_req, res) => void res.json(openApi)),
    authenticate({
      verifyAccessToken: deps.verifyAccessToken,
      noteFailedAttempt: makeNoteFailedAttempt({ operatorLog, append }),
    }),
    disclosureRoutes(discloseNumbers),
    recordRoutes({ recordAct, vault }),
    logRoutes({
      recordAct,
      logOf,
      tileReaderOf,
      readBatches: readStored,
      newestCheckpoint: newestOf,
      newestWitnessed: (logId) => newestWitnessed(db, logId),
    }),
    reportRoutes({ recordAct, logOf, entriesBetween }),
    administrationRoutes({
      recordAct: async (caller, operation) => {
        await recordAct(caller, { operation, scope: 'admin', tenantId: OPERATOR_TENANT });
      },
      createTenant: makeCreateTenant({
        deployment,
        insertTenant: (tenant, createdBy) => insertTenant(db, tenant, createdBy),
        createInVault: (caller, tenant) => vault.createTenant(caller, tenant),
      }),
      listTenants: () => listTenants(db),
      addOperator: (operator, addedBy) => insertOperator(db, operator, addedBy),
      operatorExists: (subject) => operatorExists(db, subject),
      addAssignment: (assignment, addedBy) => insertAssignment(db, assignment, addedBy),
      addTraining: (training, addedBy) => insertTraining(db, training, addedBy),
      tenantExists: async (tenantId) => (await findTenant(db, tenantId)) !== undefined,
    }),
  ];
  return { app: createExpressApp({ log: serviceLog, handlers }), watch };

  async function* entriesBetween(logId: string, { first, from, to }: Period & { first: number }) {
    const size = (await newestOf(logId))?.size ?? 0;
    const start = Math.max(first, await findFirstSince(readStored, logId, { size, from }));
    yield* readEntriesBetween(readStored, logId, { first: start, from, to });
  }
}
