import pg from 'pg';
import type { RootProvider, TreeHead } from '@mnv/erasure-tree';
import { DEPLOYMENT } from '../system/installation.ts';
import type { LocalSystem } from '../system/start-system.ts';
import { isRecovered, keysInReach } from './attack.ts';
import type { KeptRecord, Loot } from './attack.ts';
import type { KeptNode } from './kept-blobs.ts';
import { nodesInCluster, partsOfExport } from './kept-blobs.ts';
import type { RestoredCluster } from './restored-cluster.ts';
import type { BaseCopy } from './run-drill.ts';
import type { Held } from './scenario.ts';
import { exportsOf, rootOf } from './scenario.ts';

export type Theft = {
  system: LocalSystem;
  restored: RestoredCluster;
  base: BaseCopy;
  leavers: readonly Held[];
  staying: readonly Held[];
  say(text: string): void;
};

/**
 * A thief has the base backup with its write-ahead log, the files of the cluster as they are now, every export
 * of the key tree, and every root version that still exists. Answers how many disposed numbers that opens.
 * First the same is tried with the old root version still there, to show that the way of trying is a good one.
 * @throws Error when that does not open every record
 */
export async function steal(theft: Theft): Promise<number> {
  const { system, base, leavers, staying, say } = theft;
  const found = await lootOf(theft);
  const records = await backedUpRecords(theft.restored);
  say(`the thief holds ${found.nodes.length} sealed nodes and ${records.length} sealed numbers`);
  const before = await recovered(records, { ...found, root: rootOf(system, base.rootFile) });
  const all = leavers.length + staying.length;
  if (count(before, [...leavers, ...staying]) !== all)
    throw new Error('the drill is no good: with the old root version not every record opens');
  say(`with the old root version: ${all} of ${all} numbers open; without it, from here`);
  const after = await recovered(records, { ...found, root: rootOf(system) });
  say(`living: ${count(after, staying)} of ${staying.length} (whose keys are in use)`);
  return count(after, leavers);
}

function count(opened: ReadonlySet<string>, held: readonly Held[]): number {
  return held.filter(({ recordId }) => opened.has(recordId)).length;
}

async function recovered(records: readonly KeptRecord[], loot: Loot): Promise<Set<string>> {
  const keys = await keysInReach(loot);
  const opened = records.filter((record) => isRecovered(record, loot, keys));
  return new Set(opened.map(({ recordId }) => recordId));
}

async function lootOf({ system, restored, base }: Theft): Promise<Loot> {
  const nodes = new Map<string, KeptNode>();
  const keep = (found: Iterable<KeptNode>) => {
    for (const node of found) nodes.set(node.sealed.toString('latin1'), node);
  };
  const heads: TreeHead[] = [await headOf(restored.dsnOf('postgres'))];
  const tenants = new Map<number, string>();
  for (const directory of [base.data, system.clusterDirectory]) keep(nodesInCluster(directory));
  for (const file of exportsOf(system)) {
    const parts = await partsOfExport(file);
    keep(parts.nodes);
    heads.push(parts.head);
    for (const { ordinal, tenantId } of parts.tenants) tenants.set(ordinal, tenantId);
  }
  const root: RootProvider = rootOf(system);
  return { deployment: DEPLOYMENT, heads, nodes: [...nodes.values()], tenants, root };
}

async function headOf(dsn: string): Promise<TreeHead> {
  const [head] = await rowsOf<TreeHead>(
    dsn,
    `select epoch, root_ref as "rootRef", sealed_top_key as "sealedTopKey" from vault.tree_head`,
  );
  if (head === undefined) throw new Error('the backup has no key tree');
  return head;
}

function backedUpRecords(restored: RestoredCluster): Promise<KeptRecord[]> {
  return rowsOf<KeptRecord>(
    restored.dsnOf('postgres'),
    `select r.tenant_id as "tenantId", t.ordinal::float8 as tree, r.record_id as "recordId",
       r.position::float8 as position, r.sealed_number as blob
     from vault.number_record r join vault.tree t using (tenant_id) where r.sealed_number is not null`,
  );
}

async function rowsOf<Row extends object>(dsn: string, statement: string): Promise<Row[]> {
  const client = new pg.Client({ connectionString: dsn });
  await client.connect();
  try {
    return (await client.query<Row>(statement)).rows;
  } finally {
    await client.end();
  }
}
