import type { KeyObject } from 'node:crypto';
import type { Kysely } from 'kysely';
import type { Clock } from '@mnv/core';
import { repeatedly, safeFacts } from '@mnv/service-kit';
import type { Logger, Repeated } from '@mnv/service-kit';
import type { Policy } from '@mnv/transparency-log';
import type { DisposalDatabase } from '../database.ts';
import type { ControlLogWitness } from '../witness/witness-control-log.ts';
import {
  findCertificate,
  keepCertificate,
  keepControlIndex,
  takeCertificateNumber,
} from './certificate.repository.ts';
import { makeCertifyDisposal } from './certify-disposal.ts';
import { endWatch, findDisposal, listWatched, withdrawIntent } from './disposal.repository.ts';
import type { Disposal, DisposalKey } from './disposal.ts';
import type { VaultDisposals } from './vault-disposals.ts';
import { makeWatchDisposals } from './watch-disposals.ts';

const WATCH_EVERY_MS = 1_000;
const TRY_AGAIN_MS = 5_000;

/** The watch over the disposals under way; not started. */
export function openWatch(parts: {
  db: Kysely<DisposalDatabase>;
  vault: VaultDisposals;
  look(disposal: Disposal): Promise<Disposal>;
  requireNotKept(key: DisposalKey): Promise<void>;
  witness: Pick<ControlLogWitness, 'cosignedLog'>;
  policy: Policy;
  signingKey: KeyObject;
  log: Logger;
  clock: Clock;
}): Repeated {
  const { db, vault, log, clock } = parts;
  const certify = makeCertifyDisposal({
    vault,
    policy: parts.policy,
    cosignedLog: () => parts.witness.cosignedLog(),
    signingKey: parts.signingKey,
    takeCertificateNumber: (disposalId) => takeCertificateNumber(db, disposalId),
    keepCertificate: (key, issued) => keepCertificate(db, key, issued),
    findCertificate: (key) => findCertificate(db, key),
    keepControlIndex: (key, index) => keepControlIndex(db, key, index),
    clock,
  });
  const watch = makeWatchDisposals({
    vault,
    listWatched: () => listWatched(db),
    endWatch: (disposalId) => endWatch(db, disposalId),
    findDisposal: (key) => findDisposal(db, key),
    look: (disposal) => parts.look(disposal),
    withdrawIntent: (key, what) => withdrawIntent(db, key, what),
    requireNotKept: (key) => parts.requireNotKept(key),
    certify,
    reportWaiting: ({ tenantId, disposalId }, error) =>
      log.warn('a disposal has to wait', { tenantId, jobId: disposalId, ...safeFacts(error) }),
    clock,
  });
  return repeatedly(watch, {
    everyMs: WATCH_EVERY_MS,
    tryAgainMs: TRY_AGAIN_MS,
    onFault: (error) => log.error('disposals were not looked at', safeFacts(error)),
  });
}
