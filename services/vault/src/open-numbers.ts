import type { IndividualNumber } from '@mnv/core';
import type { KeyTree } from '@mnv/erasure-tree';
import { individualNumberFromBlock, openRecord } from '@mnv/erasure-tree';
import type { KeyTreeTransaction } from './key-tree.repository.ts';

/** A sealed number and the position of its key in the tenant's key tree. */
export type SealedNumber = { recordId: string; position: number; blob: Buffer };

/** Opens numbers of one tenant, by record id; in the caller's transaction when it has one. */
export type OpenNumbers = (
  tenantId: string,
  sealed: SealedNumber[],
  trx?: KeyTreeTransaction,
) => Promise<Map<string, IndividualNumber>>;

/** One read of the leaves for all of them; the blocks in clear are wiped as soon as their numbers are made. */
export function makeOpenNumbers(
  tree: KeyTree<KeyTreeTransaction>,
  deployment: string,
): OpenNumbers {
  return async (tenantId, sealed, trx) => {
    if (sealed.length === 0) return new Map();
    const keys = await tree.keysOf(
      tenantId,
      sealed.map((one) => one.position),
      trx,
    );
    const numbers = new Map<string, IndividualNumber>();
    for (const { recordId, position, blob } of sealed) {
      const dek = keys.get(position);
      if (!dek) throw new Error('a key was not answered');
      const aad = {
        deployment,
        tenantId,
        recordId,
        position,
        field: 'individual-number',
        schema: 1,
      } as const;
      const block = openRecord({ dek, aad, blob });
      numbers.set(recordId, individualNumberFromBlock(block));
      block.fill(0);
    }
    return numbers;
  };
}
