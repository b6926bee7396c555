import { createSecretKey } from 'node:crypto';
import { isEmptySecret, secretAt } from '../opened-nodes.ts';
import { RADIX, placeKey } from '../place.ts';
import { openRecord } from '../record-blob.ts';
import { UnopenableError } from '../unopenable-error.ts';

/** A record that a restore is tried on: a living one must open, an erased one must have no key. */
export type SampledRecord = {
  readonly tenantId: string;
  /** `node.tree` of the tenant. */
  readonly tree: number;
  readonly recordId: string;
  readonly position: number;
  /** The sealed number; undefined for an erased record. */
  readonly blob: Buffer | undefined;
};

/** The sampled records of one leaf. */
export type LeafSample = {
  readonly living: number;
  readonly erased: number;
  /** Tries all of them on the leaf in clear. Throws {@link UnopenableError} at the first that is not as it must be. */
  tryOpen(secrets: Buffer, deployment: string): { opened: number; stayedShut: number };
};

/** The sample by the `placeKey` of the leaf. */
export function sampleByLeaf(sample: readonly SampledRecord[]): Map<string, LeafSample> {
  const byLeaf = Map.groupBy(sample, ({ tree, position }) =>
    placeKey({ tree, level: 0, index: Math.floor(position / RADIX) }),
  );
  return new Map([...byLeaf].map(([leaf, records]) => [leaf, leafSample(records)]));
}

function leafSample(records: readonly SampledRecord[]): LeafSample {
  const living = records.filter(({ blob }) => blob !== undefined).length;
  const erased = records.length - living;
  return {
    living,
    erased,
    tryOpen(secrets, deployment) {
      for (const record of records) tryOne(record, secrets, deployment);
      return { opened: living, stayedShut: erased };
    },
  };
}

/** The number is opened and wiped; only that it opened is told. */
function tryOne(
  { tenantId, recordId, position, blob }: SampledRecord,
  secrets: Buffer,
  deployment: string,
): void {
  const secret = secretAt(secrets, position % RADIX);
  if (isEmptySecret(secret) !== (blob === undefined)) throw new UnopenableError();
  if (blob === undefined) return;
  const field = 'individual-number';
  const aad = { deployment, tenantId, recordId, position, field, schema: 1 } as const;
  openRecord({ dek: createSecretKey(secret), aad, blob }).fill(0);
}
