import { Router } from 'express';
import type { Kysely } from 'kysely';
import type { LegalDay } from '@mnv/bango-ho';
import type { Clock } from '@mnv/core';
import { ServiceCallError } from '@mnv/service-kit';
import type { HeadRoom, Logger } from '@mnv/service-kit';
import type { Acts } from '../acts/record-act.ts';
import { makeViews } from '../acts/views.ts';
import {
  keepAcknowledgement,
  listCertificates,
  noteDelivery,
  wasDelivered,
} from '../certificates/certificate-delivery.repository.ts';
import { certificateRoutes } from '../certificates/certificates.routes.ts';
import type { DisposalDatabase } from '../database.ts';
import { makeActOnDisposal } from './act-on-disposal.ts';
import { findCertificate } from './certificate.repository.ts';
import { disposalExportRoutes } from './disposal-exports.routes.ts';
import { forgetIndividualRefs, insertDraft, readRecords } from './disposal-draft.repository.ts';
import {
  findDisposal,
  keepVaultStatus,
  listDisposals,
  noteIntent,
  withdrawIntent,
} from './disposal.repository.ts';
import type { Disposal, DisposalKey } from './disposal.ts';
import { disposalRoutes } from './disposals.routes.ts';
import { makeDraftDisposal } from './draft-disposal.ts';
import type { DraftDisposal } from './draft-disposal.ts';
import { makeLookAtDisposal } from './look-at-disposal.ts';
import type { VaultDisposals } from './vault-disposals.ts';

export type DisposalsParts = {
  db: Kysely<DisposalDatabase>;
  vault: VaultDisposals;
  acts: Acts;
  /** Throws Refusal `held`, `disposal-conflict` while something keeps a record of the disposal. */
  requireNotKept(key: DisposalKey): Promise<void>;
  headRoom: Pick<HeadRoom, 'whenRoom'>;
  log: Logger;
  clock: Clock;
  /** The legal day, Asia/Tokyo. */
  today(): LegalDay;
};

export type OpenDisposals = {
  routes: Router;
  /** Asks the vault how a disposal stands, and keeps it. */
  look(disposal: Disposal): Promise<Disposal>;
  /** For other parts of this service that find out what is due. */
  draftDisposal: DraftDisposal;
};

/** Disposals as people see and drive them. */
export function openDisposals(parts: DisposalsParts): OpenDisposals {
  const { db, acts, vault, log, clock } = parts;
  const find = (key: DisposalKey) => findDisposal(db, key);
  const look = makeLookAtDisposal({
    vault,
    keepVaultStatus: (key, status) => keepVaultStatus(db, key, status),
    reportContradiction: ({ tenantId, disposalId }) =>
      log.error('the vault has another batch', { tenantId, jobId: disposalId }),
  });
  const lookIfPossible = (disposal: Disposal) => look(disposal).catch(asLastSeen(disposal));
  const draftDisposal = parts.headRoom.whenRoom(
    makeDraftDisposal({ acts, insertDraft: (draft) => insertDraft(db, draft, parts.today()) }),
  );
  const actOnDisposal = makeActOnDisposal({
    acts,
    vault,
    findDisposal: find,
    noteIntent: (key, what) => noteIntent(db, key, what),
    withdrawIntent: (key, what) => withdrawIntent(db, key, what),
    recordIdsOf: async (key, count) => {
      const records = await readRecords(db, key, { from: 0, limit: count });
      return records.map(({ recordId }) => recordId);
    },
    requireNotKept: parts.requireNotKept,
    look: lookIfPossible,
    clock,
  });
  const shared = { acts, view: makeViews(acts), findDisposal: find };
  const routes = Router()
    .use(
      disposalRoutes({
        ...shared,
        draftDisposal,
        actOnDisposal,
        listDisposals: (tenantId, page) => listDisposals(db, tenantId, page),
        lookIfPossible,
      }),
    )
    .use(
      disposalExportRoutes({
        ...shared,
        readRecords: (key, page) => readRecords(db, key, page),
        forgetIndividualRefs: (key) => forgetIndividualRefs(db, key),
      }),
    );
  routes.use(
    certificateRoutes({
      ...shared,
      findCertificate: (key) => findCertificate(db, key),
      noteDelivery: (key, to) => noteDelivery(db, key, to),
      wasDelivered: (key, person) => wasDelivered(db, key, person),
      keepAcknowledgement: (key, person) => keepAcknowledgement(db, key, person),
      listCertificates: (tenantId, page) => listCertificates(db, tenantId, page),
    }),
  );
  return { routes, look, draftDisposal };
}

/** A vault that does not answer does not hide what was known. */
function asLastSeen(disposal: Disposal) {
  return (error: unknown): Disposal => {
    if (error instanceof ServiceCallError) return disposal;
    throw error;
  };
}
