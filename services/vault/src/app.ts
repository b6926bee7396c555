import type { Express } from 'express';
import { NUMBER_DISCLOSURES, isAccessLogOrigin } from '@mnv/protocol';
import { createKeyTree } from '@mnv/erasure-tree';
import type { Repeated } from '@mnv/service-kit';
import {
  createApp as createExpressApp,
  healthRoutes,
  metricsRoutes,
  makeReadCertificate,
} from '@mnv/service-kit';
import { makeAcceptCheckpoint } from './accept-checkpoint.ts';
import { makeAnswerRecords } from './answer-records.ts';
import type { AppDependencies } from './app-dependencies.ts';
import { beginTree } from './begin-tree.ts';
import { acceptCheckpoint, findNewestAccepted, stopForkedLog } from './checkpoint.repository.ts';
import { makeCreateTenant } from './create-tenant.ts';
import { disclosureRoutes } from './disclosures.routes.ts';
import { openIdentityDocuments } from './identity-documents/open-identity-documents.ts';
import { openDuplicateChecks } from './duplicates/open-duplicate-checks.ts';
import { legalHoldRoutes } from './legal-holds/legal-holds.routes.ts';
import { storedHolds } from './legal-holds/stored-holds.ts';
import { openUpkeep } from './open-upkeep.ts';
import { makeBeginInternalAct } from './internal-act.ts';
import { keyTreeRepository } from './key-tree.repository.ts';
import { findSealedOne } from './number-record.repository.ts';
import { makeChangeNumber } from './number-change/change-number.ts';
import { numberChangeRoutes } from './number-change/number-changes.routes.ts';
import { makeOpenCheckpoint } from './open-checkpoint.ts';
import { openErasure } from './open-erasure.ts';
import { makeOpenNumbers } from './open-numbers.ts';
import { makeRequireRight } from './person.ts';
import { findByIndividualRef, findMetadata } from './record-metadata.repository.ts';
import { recordRoutes } from './records.routes.ts';
import { makeReleaseNumbers } from './release-numbers.ts';
import { readReleases } from './release-history.repository.ts';
import { rememberFound } from './remember-found.ts';
import type { ReleaseRows } from './release.repository.ts';
import { releaseRecords } from './release.repository.ts';
import { releaseRoutes } from './releases.routes.ts';
import { behindFence } from './restore/behind-fence.ts';
import type { Exports } from './restore/export/open-exports.ts';
import { openSafeguards } from './restore/open-safeguards.ts';
import { restoreActs } from './restore/restore-acts.ts';
import { requireRoutePeer } from './route-peers.ts';
import { makeStoreNumbers } from './store-numbers.ts';
import { makeStoreTransaction } from './store-transaction.ts';
import { findLogOfTenant, findTenantOfLog, insertTenant } from './tenant.repository.ts';
import { tenantRoutes } from './tenants.routes.ts';

export type Vault = {
  app: Express;
  /** What the vault does by itself; not started. */
  jobs: readonly Repeated[];
  exports: Exports;
  /** Takes epochs as far as they go now. */
  runEpochs(): Promise<void>;
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
  await beginTree(tree);
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
  const releasing = {
    verifyAccessToken,
    readCertificate,
    clock,
    tenantOfLog: rememberFound((origin: string) => findTenantOfLog(db, origin)),
    openCheckpoint: makeOpenCheckpoint((origin: string) => policy.logKeysOf(origin)),
    acceptCheckpoint: makeAcceptCheckpoint({
      findNewestAccepted: (origin) => findNewestAccepted(db, origin),
      acceptCheckpoint: (signed, compared) => acceptCheckpoint(pool, signed, compared),
      stopForkedLog: (signed) => stopForkedLog(pool, signed),
      reportFork: ({ origin, head }) => log.error('access log forked', { origin, size: head.size }),
    }),
    release: (rows: ReleaseRows) => releaseRecords(pool, rows),
  };
  const releaseNumbers = makeReleaseNumbers({
    ...releasing,
    operations: NUMBER_DISCLOSURES,
    answerRecords: makeAnswerRecords(openNumbers),
  });
  const documents = openIdentityDocuments({ ...shared, lease, releasing });
  const beginInternalAct = fence.whenOpen(
    makeBeginInternalAct({
      append: (events) => control.controlLog.append(events),
      openNumbers,
    }),
  );
  const duplicates = openDuplicateChecks({ ...shared, beginInternalAct });
  const transaction = makeStoreTransaction({ db, tree, openNumbers, deployment });
  const storeNumbers = duplicates.warning(makeStoreNumbers({ transaction }));
  const changeNumber = duplicates.warningOfChange(
    makeChangeNumber({
      transaction,
      findSealed: (tenantId, recordId) => findSealedOne(db, tenantId, recordId),
      beginInternalAct,
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
      clock,
      storeNumbers: fence.whenOpen(headRoom.whenRoom(lease.holding(storeNumbers))),
      findByIndividualRef: fence.whenOpen((tenantId, wanted) =>
        findByIndividualRef(db, tenantId, wanted),
      ),
      findMetadata: fence.whenOpen((tenantId, recordId) => findMetadata(db, tenantId, recordId)),
    }),
    ...documents.routes,
    legalHoldRoutes({ holds: storedHolds(db), fence }),
    numberChangeRoutes({
      requireRight,
      changeNumber: fence.whenOpen(headRoom.whenRoom(lease.holding(changeNumber))),
      clock,
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
  const behind = behindFence(fence, [
    control.recording,
    exports.keeping,
    erasure.job,
    documents.purging,
    ...upkeep,
  ]);
  return {
    app,
    jobs: [erasure.beating, behind, duplicates.dropping],
    exports,
    runEpochs: erasure.runNow,
  };
}
