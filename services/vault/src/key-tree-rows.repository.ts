import type { Place, TreeNode } from '@mnv/erasure-tree';
import { sql } from 'kysely';

/** A node as PostgreSQL returns it; bigint columns come as text. */
export type NodeRow = {
  tree: string;
  level: number;
  idx: string;
  version: string;
  key_generation: number;
  epoch: number;
  used: number;
  sealed: Buffer;
  slot_hashes: Buffer;
  key_commitment: Buffer;
  merkle_hash: Buffer | null;
};

export type PlaceRow = Pick<NodeRow, 'tree' | 'level' | 'idx'>;

export const nodeColumns = sql.raw(
  'n.tree, n.level, n.idx, n.version, n.key_generation, n.epoch, n.used, n.sealed, n.slot_hashes, ' +
    'n.key_commitment, n.merkle_hash',
);

export function nodeFrom(row: NodeRow): TreeNode {
  return {
    place: placeFrom(row),
    version: Number(row.version),
    keyGeneration: row.key_generation,
    epoch: row.epoch,
    used: row.used,
    sealed: row.sealed,
    slotHashes: row.slot_hashes,
    keyCommitment: row.key_commitment,
    merkleHash: row.merkle_hash ?? undefined,
  };
}

export function placeFrom({ tree, level, idx }: PlaceRow): Place {
  return { tree: Number(tree), level, index: Number(idx) };
}

export function placeArrays(places: readonly Place[]) {
  return {
    trees: places.map(({ tree }) => tree),
    levels: places.map(({ level }) => level),
    indices: places.map(({ index }) => index),
  };
}

const NO_HASH = Buffer.alloc(32);

/**
 * Nodes as a row source `w`. Fixed-width columns travel as one binary parameter each and are cut up by the
 * server: an array of bytea would travel as hexadecimal text, at twice the size.
 */
export function writableColumns(nodes: readonly TreeNode[]) {
  const { trees, levels, indices } = placeArrays(nodes.map(({ place }) => place));
  const joined = (of: (node: TreeNode) => Buffer) => Buffer.concat(nodes.map(of));
  return sql`(
    select u.*,
      substring(${joined(({ sealed }) => sealed)}::bytea from 2130 * (at - 1)::int + 1 for 2130) as sealed,
      substring(${joined(({ slotHashes }) => slotHashes)}::bytea from 2048 * (at - 1)::int + 1 for 2048)
        as slot_hashes,
      substring(${joined(({ keyCommitment }) => keyCommitment)}::bytea from 32 * (at - 1)::int + 1 for 32)
        as key_commitment,
      case when stale then null else
        substring(${joined(({ merkleHash }) => merkleHash ?? NO_HASH)}::bytea from 32 * (at - 1)::int + 1 for 32)
      end as merkle_hash
    from unnest(
      ${trees}::bigint[], ${levels}::smallint[], ${indices}::bigint[],
      ${nodes.map(({ version }) => version)}::bigint[],
      ${nodes.map(({ keyGeneration }) => keyGeneration)}::int[],
      ${nodes.map(({ epoch }) => epoch)}::int[],
      ${nodes.map(({ used }) => used)}::smallint[],
      ${nodes.map(({ merkleHash }) => merkleHash === undefined)}::boolean[]
    ) with ordinality as u (tree, level, idx, version, key_generation, epoch, used, stale, at)
  ) as w`;
}
