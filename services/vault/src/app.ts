import type { KeyObject } from 'node:crypto';
import type { Express } from 'express';
import type { Kysely } from 'kysely';
import type { Pool } from 'pg';
import type { Clock } from '@mnv/core';
import { isAccessLogOrigin } from '@mnv/protocol';
import { createKeyTree, refreshMap } from '@mnv/erasure-tree';
import type { RootProvider } from '@mnv/erasure-tree';
import type { HeadRoom, Logger, Metrics, Repeated, VerifyAccessToken } from '@mnv/service-kit';
import {
  createApp as createExpressApp,
  healthRoutes,
  metricsRoutes,
  makeReadCertificate,
} from '@mnv/service-kit';
import type { Policy } from '@mnv/transparency-log';
import { makeAcceptCheckpoint } from './accept-checkpoint.ts';
import { makeAnswerRecords } from './answer-records.ts';
import { acceptCheckpoint, findNewestAccepted, stopForkedLog } from './checkpoint.repository.ts';
import { controlOrigin, openControlLog } from './control/open-control-log.ts';
import { makeCreateTenant } from './create-tenant.ts';
import type { VaultDatabase } from './database.ts';
import { disclosureRoutes } from './disclosures.routes.ts';
import { openDuplicateChecks } from './duplicates/open-duplicate-checks.ts';
import type { UpkeepTimes } from './open-upkeep.ts';
import { openUpkeep } from './open-upkeep.ts';
import { makeBeginInternalAct } from './internal-act.ts';
import { keyTreeRepository } from './key-tree.repository.ts';
import { findByIndividualRef, findMetadata } from './number-record.repository.ts';
import { makeOpenCheckpoint } from './open-checkpoint.ts';
import { makeOpenNumbers } from './open-numbers.ts';
import { makeRequireRight } from './person.ts';
import { recordRoutes } from './records.routes.ts';
import { makeReleaseNumbers } from './release-numbers.ts';
import { readReleases } from './release-history.repository.ts';
import { releaseRecords } from './release.repository.ts';
import { releaseRoutes } from './releases.routes.ts';
import { behindFence } from './restore/behind-fence.ts';
import type { ExportPlace } from './restore/export/export-place.ts';
import { openExports } from './restore/export/open-exports.ts';
import type { Exports } from './restore/export/open-exports.ts';
import { openFence } from './restore/open-fence.ts';
import { makeStoreNumbers } from './store-numbers.ts';
import { makeStoreTransaction } from './store-transaction.ts';
import { findLogOfTenant, findTenantOfLog, insertTenant } from './tenant.repository.ts';
import { tenantRoutes } from './tenants.routes.ts';

export type AppDependencies = {
  deployment: string;
  db: Kysely<VaultDatabase>;
  /** The same database, for the statement whose durability is checked. */
  pool: Pool;
  root: RootProvider;
  /** Signs the control log. */
  controlKey: KeyObject;
  /** Where the key tree and the control log are exported to: at least two, each a failure domain of its own. */
  exportPlaces: readonly ExportPlace[];
  /** Which access logs release numbers. */
  policy: Policy;
  verifyAccessToken: VerifyAccessToken;
  log: Logger;
  metrics: Metrics;
  headRoom: Pick<HeadRoom, 'whenRoom'>;
  clock: Clock;
  /** When the vault opens numbers by itself; not the usual times in tests alone. */
  upkeep?: UpkeepTimes;
  /** Resolves when what the service needs is there. */
  ready(): Promise<unknown>;
};

export type Vault = {
  app: Express;
  /** What the vault does by itself, the restore fence's watch first; not started. */
  jobs: readonly Repeated[];
  exports: Exports;
};

/** Wires the service and makes the key tree on an empty database. Listens to nothing. */
export async function createApp(deps: AppDependencies): Promise<Vault> {
  const { db, pool, headRoom, deployment, clock, log, policy, verifyAccessToken } = deps;
  const tree = createKeyTree({
    store: keyTreeRepository(db),
    root: deps.root,
    deployment,
    clock,
    onForget: () => duplicates.forget(),
  });
  await tree.initialise();
  const { fence, routes: restoreRoutes } = await openFence({
    db,
    tree,
    policy,
    origin: controlOrigin(deployment),
    // No epoch runs yet.
    runningEpoch: () => Promise.resolve(undefined),
    places: deps.exportPlaces,
    log,
  });
  const control = await openControlLog({
    requireMayGrow: () => fence.requireLogMayGrow(),
    deployment,
    db,
    pool,
    signingKey: deps.controlKey,
    // No epoch runs before the service listens, so nobody holds its lease.
    mapHead: () => refreshMap(tree.parts, () => Promise.resolve()),
    log,
    clock,
  });
  const exports = openExports({
    deployment,
    db,
    tree,
    places: deps.exportPlaces,
    controlLog: control.controlLog,
    controlFiles: control.files,
    log,
  });
  const readCertificate = makeReadCertificate();
  const requireRight = makeRequireRight({ verifyAccessToken, readCertificate, clock });
  const openNumbers = makeOpenNumbers({
    tree,
    deployment,
    reportDamage: (damage) => log.error('stored records do not open', damage),
  });
  const releaseNumbers = makeReleaseNumbers({
    verifyAccessToken,
    readCertificate,
    clock,
    tenantOfLog: rememberFound((origin: string) => findTenantOfLog(db, origin)),
    openCheckpoint: makeOpenCheckpoint((origin) => policy.logKeysOf(origin)),
    acceptCheckpoint: makeAcceptCheckpoint({
      findNewestAccepted: (origin) => findNewestAccepted(db, origin),
      acceptCheckpoint: (signed, comparedSize) => acceptCheckpoint(pool, signed, comparedSize),
      stopForkedLog: (signed) => stopForkedLog(pool, signed),
      reportFork: ({ origin, head }) => log.error('access log forked', { origin, size: head.size }),
    }),
    release: (rows) => releaseRecords(pool, rows),
    answerRecords: makeAnswerRecords(openNumbers),
  });
  const beginInternalAct = fence.whenOpen(
    makeBeginInternalAct({
      append: (events) => control.controlLog.append(events),
      openNumbers,
    }),
  );
  const duplicates = openDuplicateChecks({ db, beginInternalAct, requireRight, log, clock });
  const storeNumbers = duplicates.warning(
    makeStoreNumbers({
      transaction: makeStoreTransaction({ db, tree, openNumbers, deployment }),
    }),
  );
  const createTenant = makeCreateTenant({
    isTrustedOrigin: (origin) => isAccessLogOrigin(origin) && policy.logKeysOf(origin).length > 0,
    transaction: (work) =>
      db.transaction().execute((trx) =>
        work({
          insertTenant: (tenant) => insertTenant(trx, tenant),
          findLogOfTenant: (tenantId) => findLogOfTenant(trx, tenantId),
          addTenantToTree: async (tenantId) => void (await tree.addTenant(tenantId, trx)),
        }),
      ),
  });

  const handlers = [
    healthRoutes([deps.ready], () => fence.state),
    metricsRoutes(deps.metrics, deployment),
    disclosureRoutes(fence.whenOpen(headRoom.whenRoom(releaseNumbers))),
    recordRoutes({
      requireRight,
      storeNumbers: fence.whenOpen(headRoom.whenRoom(storeNumbers)),
      findByIndividualRef: (tenantId, wanted) => findByIndividualRef(db, tenantId, wanted),
      findMetadata: (tenantId, recordId) => findMetadata(db, tenantId, recordId),
    }),
    releaseRoutes({
      requireRight,
      readReleases: (tenantId, after) => readReleases(db, tenantId, after),
    }),
    duplicates.routes,
    tenantRoutes({ requireRight, createTenant: fence.whenOpen(createTenant) }),
    control.routes,
    restoreRoutes,
  ];
  const app = createExpressApp({ log, handlers });
  const upkeep = openUpkeep({ ...deps, beginInternalAct });
  const fenced = behindFence(fence, [control.recording, exports.keeping, ...upkeep]);
  return { app, jobs: [fenced, duplicates.dropping], exports };
}

/** Remembers what was found; what was not is asked again. */
function rememberFound<T>(find: (key: string) => Promise<T | undefined>) {
  const found = new Map<string, T>();
  return async (key: string): Promise<T | undefined> => {
    const known = found.get(key) ?? (await find(key));
    if (known !== undefined) found.set(key, known);
    return known;
  };
}
