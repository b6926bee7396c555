import type { ExportSource, ExportedTenant, TreeNode } from '@mnv/erasure-tree';
import { type Kysely, type Transaction, sql } from 'kysely';
import type { VaultDatabase } from '../../database.ts';
import { treeHeads } from '../../key-tree-head.repository.ts';
import { nodeColumns, nodeFrom } from '../../key-tree-rows.repository.ts';
import type { NodeRow } from '../../key-tree-rows.repository.ts';

/** Any number that no other advisory lock of this database uses. */
const EXPORT_LOCK = 7_401_002;
const PAGE = 256;
const S_TREE = 0;

/** One state of the database, for as long as its transaction lasts. */
export type Snapshot = Transaction<VaultDatabase>;

/**
 * Works on one consistent state of the database, that of the call, which never changes under it. When somebody
 * is at such work already it waits for its end, or with `wait: false` answers undefined.
 */
export async function inSnapshot<T>(
  db: Kysely<VaultDatabase>,
  { wait }: { wait: boolean },
  work: (snapshot: Snapshot) => Promise<T>,
): Promise<T | undefined> {
  const transaction = db.transaction().setIsolationLevel('repeatable read');
  return transaction.setAccessMode('read only').execute(async (snapshot) => {
    const lock = wait
      ? sql<{ mine: unknown }>`select pg_advisory_xact_lock(${EXPORT_LOCK}) is not null as mine`
      : sql<{ mine: unknown }>`select pg_try_advisory_xact_lock(${EXPORT_LOCK}) as mine`;
    const { rows } = await lock.execute(snapshot);
    return rows[0]?.mine === true ? work(snapshot) : undefined;
  });
}

/** The key tree of a snapshot, parents before children. Undefined when there is none. */
export async function exportSourceOf(
  snapshot: Snapshot,
  deployment: string,
): Promise<ExportSource | undefined> {
  const head = await treeHeads(snapshot).readHead();
  if (head === undefined) return undefined;
  const { rows } = await sql<{ now: Date; size: string }>`
    select now() as now, coalesce(max(start + n), 0) as size from control_batch`.execute(snapshot);
  const [facts] = rows;
  const takenAt = facts?.now.getTime() ?? 0;
  const tenants = await tenantsOf(snapshot);
  const header = { deployment, head, takenAt, controlSize: Number(facts?.size) };
  return { header, tenants, nodes: nodesOf(snapshot, tenants) };
}

export async function tenantsOf(snapshot: Snapshot): Promise<ExportedTenant[]> {
  const { rows } = await sql<{
    tenant_id: string;
    ordinal: string;
    height: number;
    leaves: string;
  }>`select tenant_id, ordinal, height, leaves from tree order by ordinal`.execute(snapshot);
  return rows.map(({ tenant_id, ordinal, height, leaves }) => ({
    tenantId: tenant_id,
    ordinal: Number(ordinal),
    height,
    leaves: Number(leaves),
  }));
}

async function* nodesOf(
  snapshot: Snapshot,
  tenants: readonly ExportedTenant[],
): AsyncGenerator<TreeNode> {
  for (const tree of [S_TREE, ...tenants.map(({ ordinal }) => ordinal)]) {
    const { rows: levels } = await sql<{ level: number }>`
      select distinct level from node where tree = ${tree} order by level desc`.execute(snapshot);
    for (const { level } of levels) yield* levelNodes(snapshot, { tree, level });
  }
}

async function* levelNodes(
  snapshot: Snapshot,
  { tree, level }: { tree: number; level: number },
): AsyncGenerator<TreeNode> {
  for (let after = -1; ; ) {
    const { rows } = await sql<NodeRow>`
      select ${nodeColumns} from node n
      where n.tree = ${tree} and n.level = ${level} and n.idx > ${after}
      order by n.idx limit ${PAGE}`.execute(snapshot);
    const nodes = rows.map(nodeFrom);
    yield* nodes;
    const last = nodes.at(-1);
    if (last === undefined || nodes.length < PAGE) return;
    after = last.place.index;
  }
}
