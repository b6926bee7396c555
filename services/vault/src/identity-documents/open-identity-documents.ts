import type { Router } from 'express';
import type { Kysely } from 'kysely';
import type { Clock } from '@mnv/core';
import type { ReleasedDocument } from '@mnv/protocol';
import { DOCUMENT_DISCLOSURES } from '@mnv/protocol';
import type { HeadRoom, Logger, Repeated } from '@mnv/service-kit';
import type { VaultDatabase } from '../database.ts';
import { documentDisclosureRoutes } from '../disclosures.routes.ts';
import type { InstanceLease } from '../instance/instance-lease.ts';
import type { RequireRight } from '../person.ts';
import type { ReleaseDependencies } from '../release-numbers.ts';
import { makeReleaseNumbers } from '../release-numbers.ts';
import type { RestoreFence } from '../restore/restore-fence.ts';
import { makeAddDocument } from './add-document.ts';
import { makeAnswerDocuments } from './answer-documents.ts';
import type { DocumentKeyDependencies } from './document-key.ts';
import { makeDocumentKeys } from './document-key.ts';
import { identityDocumentRoutes } from './identity-documents.routes.ts';
import { openPurge } from './purge-documents.ts';
import type { StoredDocuments } from './stored-documents.ts';
import { storedDocuments } from './stored-documents.ts';

export type IdentityDocuments = { routes: Router[]; purging: Repeated };

/** Copies of identity documents: kept, disclosed against a ticket, and purged. The job is not started. */
export function openIdentityDocuments(
  parts: DocumentKeyDependencies & {
    db: Kysely<VaultDatabase>;
    clock: Clock;
    log: Logger;
    requireRight: RequireRight;
    fence: Pick<RestoreFence, 'whenOpen'>;
    lease: Pick<InstanceLease, 'during' | 'requireHeld' | 'holding'>;
    headRoom: Pick<HeadRoom, 'whenRoom'>;
    /** How tickets are judged and consumed, whatever they ask for. */
    releasing: Omit<ReleaseDependencies<ReleasedDocument>, 'operations' | 'answerRecords'>;
  },
): IdentityDocuments {
  const { db, clock, log, requireRight, fence, lease, headRoom } = parts;
  const keys = makeDocumentKeys(parts);
  const add = fence.whenOpen(headRoom.whenRoom(lease.holding(makeAddDocument({ db, keys }))));
  const release = makeReleaseNumbers<ReleasedDocument>({
    ...parts.releasing,
    operations: DOCUMENT_DISCLOSURES,
    answerRecords: makeAnswerDocuments({ db, keys, clock }),
  });
  return {
    routes: [
      documentDisclosureRoutes(fence.whenOpen(headRoom.whenRoom(release)), lease),
      identityDocumentRoutes({
        stored: behindFence(storedDocuments(db), fence),
        requireRight,
        addDocument: add,
        clock,
      }),
    ],
    purging: openPurge({ db, clock, log }),
  };
}

/** What is known of copies is refused, too, while the rows may be older than what became of their records. */
function behindFence(
  stored: StoredDocuments,
  fence: Pick<RestoreFence, 'whenOpen'>,
): StoredDocuments {
  return {
    list: fence.whenOpen(stored.list),
    purged: fence.whenOpen(stored.purged),
    period: fence.whenOpen(stored.period),
    setPeriod: fence.whenOpen(stored.setPeriod),
  };
}
