import { StaleNodeError } from '@mnv/erasure-tree';

/** A write that met fewer rows than it was computed from fails its transaction. */
export function requireAffected(affected: bigint | undefined, expected: number): void {
  if (affected !== BigInt(expected)) throw new StaleNodeError();
}
