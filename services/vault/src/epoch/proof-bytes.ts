import type { SlotProof } from '@mnv/erasure-tree';

const HASH = 32;
const SIBLINGS = 6;
const STEP = HASH * (1 + SIBLINGS);

/** A proof as it is kept: the height in one byte, then each node's key commitment and siblings. */
export function proofToBytes({ height, steps }: SlotProof): Buffer {
  const hashes = steps.flatMap(({ keyCommitment, siblings }) => [keyCommitment, ...siblings]);
  return Buffer.concat([Buffer.from([height]), ...hashes]);
}

/** Throws a RangeError for bytes that are no proof. */
export function proofFromBytes(bytes: Buffer): SlotProof {
  const height = bytes[0];
  const count = (bytes.length - 1) / STEP;
  if (height === undefined || !Number.isInteger(count)) throw new RangeError('not a kept proof');
  const steps = Array.from({ length: count }, (_, at) => {
    const [keyCommitment, ...siblings] = hashesOf(
      bytes.subarray(1 + at * STEP, 1 + (at + 1) * STEP),
    );
    return { keyCommitment: keyCommitment as Buffer, siblings };
  });
  return { height, steps };
}

function hashesOf(bytes: Buffer): Buffer[] {
  return Array.from({ length: bytes.length / HASH }, (_, at) =>
    bytes.subarray(at * HASH, (at + 1) * HASH),
  );
}
