import { createReadStream } from 'node:fs';
import { readTreeExport } from '@mnv/erasure-tree';
import type { ExportEnd, ExportHeader, TreeNode } from '@mnv/erasure-tree';
import { CommandError } from '../command.ts';
import {
  ageOfTree,
  clearTree,
  insertHead,
  insertNodes,
  insertTenant,
} from './key-tree-tables.repository.ts';
import { restoringVault } from './vault-database.repository.ts';

const NODES_AT_ONCE = 128;

export type RestoredTree = { epoch: number; takenAt: number } & Omit<ExportEnd, 'bytes'>;

/**
 * Puts an export of the key tree in the place of the one in the vault's database, whole or not at all. One that
 * is older than the tree that is there is refused: it would lose keys. The sealed numbers are not touched.
 */
export function restoreKeyTree(order: { dsn: string; file: string }): Promise<RestoredTree> {
  return restoringVault({ dsn: order.dsn, reason: 'key tree restored' }, async (client) => {
    const before = await ageOfTree(client);
    await clearTree(client);
    let header: ExportHeader | undefined;
    let writes = 0;
    let nodes: TreeNode[] = [];
    for await (const part of readTreeExport(createReadStream(order.file))) {
      if (part.part === 'header') {
        ({ header } = part);
        await insertHead(client, header);
      }
      if (part.part === 'tenant') await insertTenant(client, part.tenant);
      if (part.part === 'node') {
        writes += part.node.version;
        if (nodes.push(part.node) < NODES_AT_ONCE) continue;
        await insertNodes(client, nodes);
        nodes = [];
      }
      if (part.part !== 'end' || header === undefined) continue;
      await insertNodes(client, nodes);
      requireNotOlder({ epoch: header.head.epoch, writes }, before);
      const { tenants, nodes: count, digest } = part.end;
      const { takenAt } = header;
      return { epoch: header.head.epoch, takenAt, tenants, nodes: count, digest };
    }
    throw new CommandError('The export has no end.');
  });
}

type Age = { epoch: number; writes: number };

/** Every write of a node counts its version up, so of two states of one tree the older has the smaller sum. */
function requireNotOlder(wanted: Age, before: Age): void {
  const isOlder =
    wanted.epoch < before.epoch || (wanted.epoch === before.epoch && wanted.writes < before.writes);
  if (isOlder) {
    throw new CommandError(
      'The export is older than the key tree in the database: restoring it would lose keys. Take a newer export.',
    );
  }
}
