import type { TreeStore } from '@mnv/erasure-tree';
import { sql } from 'kysely';
import type { QueryExecutorProvider } from 'kysely';
import { requireAffected } from './key-tree-affected.ts';
import { writableColumns } from './key-tree-rows.repository.ts';

/** Writes of `node`, one statement for any number of rows; each update compares the version it read. */
export const nodeWrites: Pick<TreeStore<QueryExecutorProvider>, 'insertNodes' | 'updateNodes'> = {
  async insertNodes(nodes, tx) {
    if (nodes.length === 0) return;
    const { numAffectedRows } = await sql`
        insert into node (tree, level, idx, version, key_generation, epoch, used, sealed, slot_hashes,
          key_commitment, merkle_hash)
        select tree, level, idx, version, key_generation, epoch, used, sealed, slot_hashes, key_commitment,
          merkle_hash from ${writableColumns(nodes)}
        on conflict do nothing`.execute(tx);
    requireAffected(numAffectedRows, nodes.length);
  },
  async updateNodes(nodes, tx) {
    if (nodes.length === 0) return;
    const { numAffectedRows } = await sql`
        update node n set version = n.version + 1, key_generation = w.key_generation, epoch = w.epoch,
          used = w.used, sealed = w.sealed, slot_hashes = w.slot_hashes, key_commitment = w.key_commitment,
          merkle_hash = w.merkle_hash
        from ${writableColumns(nodes)}
        where n.tree = w.tree and n.level = w.level and n.idx = w.idx and n.version = w.version`.execute(
      tx,
    );
    requireAffected(numAffectedRows, nodes.length);
  },
};
