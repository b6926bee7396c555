import type { KeyObject } from 'node:crypto';
import type { IndividualNumber } from '@mnv/core';
import type { KeyTree } from '@mnv/erasure-tree';
import { UnopenableError, individualNumberFromBlock, openRecord } from '@mnv/erasure-tree';
import type { KeyTreeTransaction } from './key-tree.repository.ts';

/** A sealed number and the position of its key in the tenant's key tree. */
export type SealedNumber = { recordId: string; position: number; blob: Buffer };

/** `already-disposed`: its key is erased. `record-damaged`: key or number does not open. */
export type OpenedNumber = IndividualNumber | 'already-disposed' | 'record-damaged';

/** Opens numbers of one tenant, by record id; in the caller's transaction when it has one. */
export type OpenNumbers = (
  tenantId: string,
  sealed: SealedNumber[],
  trx?: KeyTreeTransaction,
) => Promise<Map<string, OpenedNumber>>;

type Keys = Map<number, KeyObject | 'record-damaged'>;

export type OpenNumbersDependencies = {
  tree: KeyTree<KeyTreeTransaction>;
  deployment: string;
  /** The alarm: stored records were changed by somebody who is not this service. */
  reportDamage(damage: { tenantId: string; recordId: string; count: number }): void;
};

/**
 * One read of the leaves for all of them; the blocks in clear are wiped as soon as their numbers are made.
 * A damaged record is answered as such and takes nobody else's number with it.
 */
export function makeOpenNumbers(deps: OpenNumbersDependencies): OpenNumbers {
  return async (tenantId, sealed, trx) => {
    if (sealed.length === 0) return new Map();
    const positions = sealed.map((one) => one.position);
    const keys = await keysOf(deps.tree, { tenantId, positions, trx });
    const opened = new Map<string, OpenedNumber>();
    for (const one of sealed) {
      const number = openOne(one, keys.get(one.position), {
        tenantId,
        deployment: deps.deployment,
      });
      opened.set(one.recordId, number);
    }
    reportDamage(tenantId, opened, deps);
    return opened;
  };
}

function reportDamage(
  tenantId: string,
  opened: Map<string, OpenedNumber>,
  deps: OpenNumbersDependencies,
): void {
  const damaged = [...opened].filter(([, number]) => number === 'record-damaged');
  const [recordId] = damaged[0] ?? [];
  if (recordId !== undefined) deps.reportDamage({ tenantId, recordId, count: damaged.length });
}

type WantedKeys = {
  tenantId: string;
  positions: number[];
  trx: KeyTreeTransaction | undefined;
};

/** All keys at once; when a leaf does not open, one by one, to find whose it is. */
async function keysOf(
  tree: KeyTree<KeyTreeTransaction>,
  { tenantId, positions, trx }: WantedKeys,
): Promise<Keys> {
  try {
    return await tree.keysOf(tenantId, positions, trx);
  } catch (error) {
    if (!(error instanceof UnopenableError)) throw error;
    const [position] = positions;
    if (position !== undefined && positions.length === 1)
      return new Map([[position, 'record-damaged']]);
  }
  const keys: Keys = new Map();
  for (const position of positions) {
    const found = await keysOf(tree, { tenantId, positions: [position], trx });
    for (const [at, key] of found) keys.set(at, key);
  }
  return keys;
}

function openOne(
  { recordId, position, blob }: SealedNumber,
  dek: KeyObject | 'record-damaged' | undefined,
  { tenantId, deployment }: { tenantId: string; deployment: string },
): OpenedNumber {
  if (dek === undefined) return 'already-disposed';
  if (dek === 'record-damaged') return dek;
  const field = 'individual-number';
  try {
    const aad = { deployment, tenantId, recordId, position, field, schema: 1 } as const;
    const block = openRecord({ dek, aad, blob });
    const number = individualNumberFromBlock(block);
    block.fill(0);
    return number;
  } catch (error) {
    if (error instanceof UnopenableError) return 'record-damaged';
    throw error;
  }
}
