import type { KeyObject } from 'node:crypto';
import { Router } from 'express';
import type { Express } from 'express';
import type { Kysely } from 'kysely';
import type { Pool } from 'pg';
import { OPERATOR_TENANT, type Clock } from '@mnv/core';
import type {
  Caller,
  HeadRoom,
  Logger,
  Metrics,
  Repeated,
  ServiceClient,
  VerifyAccessToken,
  WitnessClient,
} from '@mnv/service-kit';
import type { VerifierKey } from '@mnv/transparency-log';
import {
  authenticate,
  createApp as createExpressApp,
  healthRoutes,
  metricsRoutes,
  safeFacts,
} from '@mnv/service-kit';
import { openControlLog } from './control/open-control-log.ts';
import type { AccessDatabase } from './database.ts';
import { makeAskVault } from './disclosure/ask-vault.ts';
import { makeDiscloseNumbers } from './disclosure/disclose-numbers.ts';
import { disclosureRoutes } from './disclosure/disclosures.routes.ts';
import { makeReleaseRuns } from './disclosure/release-runs.ts';
import { openIdentityDocuments } from './identity-documents/open-identity-documents.ts';
import { makeVaultDocuments } from './identity-documents/vault-documents.ts';
import { openServiceEntries } from './internal/open-service-entries.ts';
import type { LogWriter } from './log/append-entries.ts';
import type { Archive } from './log/archived-entries.ts';
import { makeLogOf, newLog } from './log/open-log.ts';
import { openLogRoutes } from './log/open-log-routes.ts';
import { openLogWriter } from './log/open-log-writer.ts';
import { proveGrowth } from './log/prove-growth.ts';
import { makeEntriesBetween } from './log/read-entries.ts';
import { storedLogs } from './log/stored-logs.ts';
import { findTenant, insertTenant } from './log/tenant.repository.ts';
import { makeNoteFailedAttempt } from './note-failed-attempt.ts';
import { openApiDocument } from './openapi/document.ts';
import { makeCachedRegister } from './policy/cached-register.ts';
import { decide, type PolicyRequest } from './policy/decide.ts';
import { findRegisteredPerson } from './policy/register.repository.ts';
import { makeRecordAct } from './record-act.ts';
import { duplicateRoutes } from './records/duplicates.routes.ts';
import { numberChangeRoutes } from './records/number-changes.routes.ts';
import { recordRoutes } from './records/records.routes.ts';
import { makeVaultRecords } from './records/vault-records.ts';
import { registerExportRoutes } from './register-exports/register-exports.routes.ts';
import { makeFindAccessList } from './registers/access-list.repository.ts';
import { makeAdminister } from './registers/administer.ts';
import { openRegisters } from './registers/open-registers.ts';
import { makeReadReleases } from './releases/read-releases.ts';
import { releaseRoutes } from './releases/releases.routes.ts';
import { reportRoutes } from './reports/reports.routes.ts';
import { restoreRoutes } from './restore/restore.routes.ts';
import { rotationRoutes } from './restore/rotations.routes.ts';
import { openWitnessWatch } from './witness/open-witness-watch.ts';
import type { WitnessWatch } from './witness/witness-watch.ts';

export type AppDependencies = {
  deployment: string;
  db: Kysely<AccessDatabase>;
  /** The same database, for appending to the logs alone: no reader can hold an entry up. */
  logPool: Pool;
  signingKey: KeyObject;
  vault: ServiceClient;
  verifyAccessToken: VerifyAccessToken;
  log: Logger;
  metrics: Metrics;
  headRoom: Pick<HeadRoom, 'whenRoom'>;
  clock: Clock;
  /** External witnesses of every log; at least one. */
  witnesses: readonly WitnessClient[];
  /** Where entries lie that left the database; without it they are out of reach. */
  archive?: Archive | undefined;
  /** By which the vault's control log is known. */
  controlKeys: readonly VerifierKey[];
  /** Resolves when what the service needs is there. */
  ready(): Promise<unknown>;
};

export type AccessProxy = {
  app: Express;
  /** Not started. */
  watch: WitnessWatch;
  /** Follows the vault's control log; not started. */
  following: Repeated;
  /** Does so once: a vault that has just begun releases nothing before. Never throws. */
  followOnce(): Promise<void>;
  /** Resolves when no entry waits for the log any more: outcomes are written after their answers. */
  logIdle(): Promise<void>;
};

/** Wires the service and opens the operator company's log. Listens to nothing. */
export async function createApp(deps: AppDependencies): Promise<AccessProxy> {
  const { db, logPool, headRoom, clock, deployment, log: serviceLog } = deps;
  const { signingKey, verifyAccessToken } = deps;
  const writer = openLogWriter({ db, logPool, signingKey, log: serviceLog, clock });
  const logs = storedLogs(db, deps.archive);
  const watch = openWitnessWatch({
    db,
    logs,
    witnesses: deps.witnesses,
    log: serviceLog,
    clock,
  });
  const append: LogWriter['append'] = async (log, drafts, lane) => {
    watch.requireNotSetBack(log.logId);
    return writer.append(log, drafts, lane);
  };
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
    proveFromDatabase: (logId, sizes) => proveGrowth(logId, sizes, logs),
  });
  const disclosing = {
    logOf,
    append,
    requireWitnessed: (logId: string) => watch.requireWitnessed(logId),
    decide: decideFor,
    clock,
    reportLostOutcome: (error: unknown) => serviceLog.warn('outcome entry lost', safeFacts(error)),
  };
  const discloseNumbers = makeDiscloseNumbers({
    ...disclosing,
    release: makeReleaseRuns((run) => askVault(run)),
  });
  const recordAct = makeRecordAct({ logOf, append, decide: decideFor, clock });
  const vault = makeVaultRecords(deps.vault);
  const control = openControlLog({
    db,
    vault: deps.vault,
    keys: deps.controlKeys,
    witnesses: deps.witnesses,
    appendToOperatorLog: (draft) => append(operatorLog, [draft], 'bulk'),
    recordAct,
    log: serviceLog,
    clock,
  });
  const noteFailedAttempt = makeNoteFailedAttempt({
    operatorLog,
    append,
    reportLost: (error) => serviceLog.warn('failed attempts not summarised', safeFacts(error)),
  });
  const review = {
    recordAct,
    logOf,
    entriesBetween: makeEntriesBetween(logs),
    findAccessList: makeFindAccessList(db),
    purgedDocuments: makeVaultDocuments(deps.vault).purged,
    clock,
  };
  const openApi = openApiDocument();
  const administer = makeAdminister(recordAct);
  const handlers = [
    deps.metrics.observe,
    healthRoutes([deps.ready], () => ({ vault: control.vaultState() })),
    metricsRoutes(deps.metrics, deployment),
    Router().get('/openapi.json', (_req, res) => void res.json(openApi)),
    openServiceEntries({ ...review, deployment, verifyAccessToken, noteFailedAttempt, append }),
    authenticate({ verifyAccessToken, noteFailedAttempt }),
    disclosureRoutes(headRoom.whenRoom(discloseNumbers)),
    openIdentityDocuments({ recordAct, vault: deps.vault, askVault, disclosing, headRoom }),
    duplicateRoutes({ recordAct, vault }),
    recordRoutes({ recordAct, vault: { ...vault, store: headRoom.whenRoom(vault.store) } }),
    numberChangeRoutes({
      recordAct,
      vault: { changeNumber: headRoom.whenRoom(vault.changeNumber) },
    }),
    openLogRoutes({ db, logs, recordAct, logOf }),
    control.routes,
    releaseRoutes({ recordAct, readReleases: makeReadReleases(deps.vault) }),
    reportRoutes(review),
    registerExportRoutes(review),
    openRegisters({ ...review, deployment, db, vault }),
    restoreRoutes({ administer, vault: deps.vault }),
    rotationRoutes({ administer, vault: deps.vault }),
  ];
  const app = createExpressApp({ log: serviceLog, handlers });
  const { following, followOnce } = control;
  return { app, watch, following, followOnce, logIdle: () => writer.idle() };
}
