import type { KeyObject } from 'node:crypto';
import type { Express } from 'express';
import type { Kysely } from 'kysely';
import type { Pool } from 'pg';
import type { Clock } from '@mnv/core';
import { isAccessLogOrigin } from '@mnv/protocol';
import { createKeyTree } from '@mnv/erasure-tree';
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
import { makeCreateTenant } from './create-tenant.ts';
import type { VaultDatabase } from './database.ts';
import { disclosureRoutes } from './disclosures.routes.ts';
import { openDuplicateChecks } from './duplicates/open-duplicate-checks.ts';
import type { UpkeepTimes } from './open-upkeep.ts';
import { openUpkeep } from './open-upkeep.ts';
import { makeBeginInternalAct } from './internal-act.ts';
import { keyTreeRepository } from './key-tree.repository.ts';
import type { EpochSettings } from './epoch/epoch-dependencies.ts';
import { findByIndividualRef, findMetadata } from './number-record.repository.ts';
import { makeOpenCheckpoint } from './open-checkpoint.ts';
import { openErasure } from './open-erasure.ts';
import { makeOpenNumbers } from './open-numbers.ts';
import { makeRequireRight } from './person.ts';
import { recordRoutes } from './records.routes.ts';
import { makeReleaseNumbers } from './release-numbers.ts';
import { readReleases } from './release-history.repository.ts';
import { rememberFound } from './remember-found.ts';
import { releaseRecords } from './release.repository.ts';
import { releaseRoutes } from './releases.routes.ts';
import { behindFence } from './restore/behind-fence.ts';
import type { ExportPlace } from './restore/export/export-place.ts';
import type { Exports } from './restore/export/open-exports.ts';
import { openSafeguards } from './restore/open-safeguards.ts';
import { restoreActs } from './restore/restore-acts.ts';
import { requireRoutePeer } from './route-peers.ts';
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
  /** Names this instance among all: no two that run have the same. */
  instanceId: string;
  epochs: EpochSettings;
  clock: Clock;
  /** When the vault opens numbers by itself; not the usual times in tests alone. */
  upkeep?: UpkeepTimes;
  /** Resolves when what the service needs is there. */
  ready(): Promise<unknown>;
};

export type Vault = {
  app: Express;
  /** What the vault does by itself; not started. */
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
  const safeguards = await openSafeguards({ ...deps, tree });
  const { fence, control, exports } = safeguards;
  const readCertificate = makeReadCertificate();
  const requireRight = makeRequireRight({ verifyAccessToken, readCertificate, clock });
  const shared = { ...deps, tree, control, fence, exports, requireRight, readCertificate };
  const erasure = await openErasure(shared);
  const { lease } = erasure;
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
    requireRoutePeer(deployment),
    healthRoutes([deps.ready], () => fence.state),
    metricsRoutes(deps.metrics, deployment),
    disclosureRoutes(fence.whenOpen(headRoom.whenRoom(releaseNumbers)), lease),
    recordRoutes({
      requireRight,
      storeNumbers: fence.whenOpen(headRoom.whenRoom(lease.holding(storeNumbers))),
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
    ...restoreActs({ ...shared, openNumbers }),
    safeguards.routes,
    ...erasure.routes,
  ];
  const app = createExpressApp({ log, handlers });
  const upkeep = openUpkeep({ ...deps, beginInternalAct });
  const behind = behindFence(fence, [control.recording, exports.keeping, erasure.job, ...upkeep]);
  return { app, jobs: [erasure.beating, behind, duplicates.dropping], exports };
}
