import { Router } from 'express';
import { z } from 'zod';
import type { Kysely } from 'kysely';
import { OPERATOR_TENANT, Refusal } from '@mnv/core';
import {
  readTreeExport,
  refreshMap,
  rootsBesideHead,
  verifyTreeExport,
  writeTreeExport,
} from '@mnv/erasure-tree';
import type { KeyTree } from '@mnv/erasure-tree';
import { jsonBody } from '@mnv/service-kit';
import { answerWithin } from '../../answer-within.ts';
import type { OpenedControlLog } from '../../control/open-control-log.ts';
import type { VaultDatabase } from '../../database.ts';
import { makeBeginInternalAct } from '../../internal-act.ts';
import type { KeyTreeTransaction } from '../../key-tree.repository.ts';
import type { OpenNumbers } from '../../open-numbers.ts';
import type { RequireRight } from '../../person.ts';
import { PersonEvidence } from '../../person.ts';
import { exportSourceOf, inSnapshot } from '../export/key-tree-snapshot.repository.ts';
import type { RestoreFence } from '../restore-fence.ts';
import { closeIncident, findIncident, propose, settleEpochs } from './incident.repository.ts';
import { countLivingRows, dropRecords, livingRows } from './living-rows.repository.ts';
import { makeReconcile } from './reconcile.ts';
import type { Surveyed } from './survey.ts';
import { surveyRows } from './survey.ts';

/** Less than the proxy waits; a survey that takes longer goes on, and the next call finds it further. */
const DEADLINE_MS = 7_500;
const Body = z.strictObject(PersonEvidence);

export type ReconciliationParts = {
  deployment: string;
  db: Kysely<VaultDatabase>;
  tree: KeyTree<KeyTreeTransaction>;
  fence: RestoreFence;
  control: OpenedControlLog;
  openNumbers: OpenNumbers;
  requireRight: RequireRight;
};

/** `POST /internal/restore/reconciliation`: an act of two administrators of the operator company. */
export function openReconciliation(parts: ReconciliationParts): Router {
  const { db, tree, fence, control } = parts;
  const reconcile = makeReconcile({
    fence,
    findIncident: () => findIncident(db),
    propose: (proposal) => propose(db, proposal),
    closeIncident: (by) => closeIncident(db, by),
    survey: () => survey(parts),
    dropRecords: (zombies) => dropRecords(db, zombies),
    settleEpochs: () => settle(parts),
    mapHead: () => refreshMap(tree.parts, () => Promise.resolve()),
    controlLog: control.controlLog,
    sizeOfLog: control.sizeOfLog,
  });
  let turn: Promise<unknown> = Promise.resolve();
  return Router().post('/internal/restore/reconciliation', jsonBody(), async (req, res) => {
    const parsed = Body.safeParse(req.body);
    if (!parsed.success) throw new Refusal('invalid-request', 'The call is not well-formed.');
    const right = { scope: 'admin', tenantId: OPERATOR_TENANT } as const;
    const { subject } = await parts.requireRight(parsed.data, right);
    // One at a time: two persons who call at once are the first and the second.
    const mine = turn.then(() => reconcile(subject));
    turn = mine.catch(() => undefined);
    res.json(await answerWithin(DEADLINE_MS, mine));
  });
}

/** The keys in memory may be of the tree that was there before. */
async function survey(parts: ReconciliationParts): Promise<Surveyed> {
  const { db, tree, control, openNumbers } = parts;
  tree.forget();
  const { store } = tree.parts;
  const tenants = await store.tenants();
  const count = await countLivingRows(
    db,
    tenants.map(({ tenantId }) => tenantId),
  );
  const append = control.controlLog.append.bind(control.controlLog);
  const beginInternalAct = makeBeginInternalAct({ append, openNumbers });
  const act = await beginInternalAct('restore-drill', count);
  const rowsOf = (tenantId: string) => livingRows(db, tenantId);
  const deps = { store, livingRows: rowsOf, act, countKeys: () => countKeys(parts) };
  return surveyRows(deps);
}

/** Opens the whole tree, as the verification of an export does. */
async function countKeys({ db, tree, deployment }: ReconciliationParts): Promise<number> {
  const { root } = tree.parts;
  const counted = await inSnapshot(db, { wait: true }, async (snapshot) => {
    const source = await exportSourceOf(snapshot, deployment);
    if (source === undefined) return 0;
    const parts = readTreeExport(writeTreeExport(source));
    return (await verifyTreeExport(parts, { root, deployment, sample: [] })).keys;
  });
  return counted ?? 0;
}

async function settle({ db, tree }: ReconciliationParts): Promise<void> {
  const head = await tree.parts.store.readHead();
  if (head === undefined) return;
  const { newer } = await rootsBesideHead(tree.parts);
  const spent = Math.max(head.epoch, ...newer.map(({ epoch }) => epoch));
  await settleEpochs(db, { epoch: head.epoch, spent, rootRef: head.rootRef });
}
