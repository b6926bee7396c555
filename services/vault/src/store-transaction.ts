import type { Kysely, Transaction } from 'kysely';
import type { KeyTree } from '@mnv/erasure-tree';
import {
  StaleNodeError,
  UnknownTenantError,
  individualNumberBlock,
  sealRecord,
} from '@mnv/erasure-tree';
import { Refusal } from '@mnv/core';
import { withTenant } from '@mnv/service-kit';
import type { VaultDatabase } from './database.ts';
import type { KeyTreeTransaction } from './key-tree.repository.ts';
import type { SealedLine } from './number-record.repository.ts';
import {
  findIdempotencyRows,
  findLivingRefs,
  findSealed,
  insertRecords,
} from './number-record.repository.ts';
import { findForChange, supersede, tellOfChange } from './number-change/superseded.repository.ts';
import type { OpenNumbers } from './open-numbers.ts';
import type {
  FreshLine,
  StoreDependencies,
  StoreRequest,
  StoreTransaction,
} from './store-numbers.ts';
import { StoreConflict } from './store-numbers.ts';

export type StoreTransactionDependencies = {
  db: Kysely<VaultDatabase>;
  tree: KeyTree<KeyTreeTransaction>;
  openNumbers: OpenNumbers;
  deployment: string;
};

/**
 * Keys, records and idempotency rows in one transaction: after a crash a record has its key and its key has
 * its record, or neither is there.
 */
export function makeStoreTransaction(
  deps: StoreTransactionDependencies,
): StoreDependencies['transaction'] {
  return async (tenantId, work) => {
    try {
      return await withTenant(deps.db, tenantId, (trx) => work(stepsOf(trx, tenantId, deps)));
    } catch (error) {
      if (error instanceof UnknownTenantError)
        throw new Refusal('not-found', 'There is no such tenant.');
      throw isConflict(error) ? new StoreConflict() : error;
    }
  };
}

/** Somebody else wrote the leaf we were filling, or the database ended one of two that waited for each other. */
function isConflict(error: unknown): boolean {
  const { code } = error as { code?: unknown };
  return error instanceof StaleNodeError || code === '40001' || code === '40P01';
}

function stepsOf(
  trx: Transaction<VaultDatabase>,
  tenantId: string,
  deps: StoreTransactionDependencies,
): StoreTransaction {
  return {
    findIdempotencyRows: (request) => findIdempotencyRows(trx, request),
    findLivingRefs: (lines) => findLivingRefs(trx, tenantId, lines),
    async openStored(recordIds) {
      return deps.openNumbers(tenantId, await findSealed(trx, tenantId, recordIds), trx);
    },
    findForChange: (recordId) => findForChange(trx, tenantId, recordId),
    supersede: (recordId, superseded) => supersede(trx, { tenantId, recordId, superseded }),
    tellOfChange: (recordId, superseded) => tellOfChange(trx, { tenantId, recordId, superseded }),
    sealAndInsert: (request, fresh) => sealAndInsert({ trx, request, fresh }, deps),
  };
}

async function sealAndInsert(
  {
    trx,
    request,
    fresh,
  }: { trx: Transaction<VaultDatabase>; request: StoreRequest; fresh: FreshLine[] },
  { tree, deployment }: StoreTransactionDependencies,
): Promise<void> {
  const { tenantId } = request;
  const allocations = await tree.allocate(tenantId, fresh.length, trx);
  const sealed = fresh.map((line, at): SealedLine => {
    const allocation = allocations[at];
    if (!allocation) throw new Error('a key was not allocated');
    const { position, key: dek } = allocation;
    const plaintextBlock = individualNumberBlock(line.draft.individualNumber);
    const aad = {
      deployment,
      tenantId,
      recordId: line.recordId,
      position,
      field: 'individual-number',
      schema: 1,
    } as const;
    const blob = sealRecord({ dek, aad, plaintextBlock });
    plaintextBlock.fill(0);
    return { ...line, position, sealed: blob };
  });
  await insertRecords(trx, request, sealed);
}
