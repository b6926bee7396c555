import { StaleNodeError } from '@mnv/erasure-tree';
import type { TenantTree, TreeStore } from '@mnv/erasure-tree';
import { sql } from 'kysely';
import type { QueryExecutorProvider } from 'kysely';

type TreeRow = { tenant_id: string; ordinal: string; height: number };
type Tenants = Pick<
  TreeStore<QueryExecutorProvider>,
  'tenants' | 'findTenant' | 'insertTenant' | 'takeLeaves' | 'setHeight'
>;

/** All SQL about `tree`, one row a tenant. */
export function tenantTreeRows(db: QueryExecutorProvider): Tenants {
  return {
    async tenants() {
      const { rows } = await sql<TreeRow>`
        select tenant_id, ordinal, height from tree order by ordinal`.execute(db);
      return rows.map(treeFrom);
    },
    async findTenant(tenantId, tx = db) {
      const { rows } = await sql<TreeRow>`
        select tenant_id, ordinal, height from tree where tenant_id = ${tenantId}`.execute(tx);
      return rows[0] && treeFrom(rows[0]);
    },
    async insertTenant(tenantId, tx) {
      const { rows } = await sql<TreeRow>`
        insert into tree (tenant_id, ordinal)
        select ${tenantId}, coalesce(max(ordinal), 0) + 1 from tree
        returning tenant_id, ordinal, height`.execute(tx);
      return treeFrom(rows[0] as TreeRow);
    },
    async takeLeaves({ tenantId, count }, tx) {
      const { rows } = await sql<TreeRow & { first: string; epoch: number }>`
        update tree set leaves = leaves + ${count} where tenant_id = ${tenantId}
        returning tenant_id, ordinal, height, leaves - ${count} as first,
          (select epoch from tree_head) as epoch`.execute(tx);
      const [row] = rows;
      if (row === undefined) throw new StaleNodeError();
      return { first: Number(row.first), tenant: treeFrom(row), epoch: row.epoch };
    },
    async setHeight({ tenantId, height }, tx) {
      await sql`update tree set height = ${height} where tenant_id = ${tenantId}`.execute(tx);
    },
  };
}

function treeFrom({ tenant_id, ordinal, height }: TreeRow): TenantTree {
  return { tenantId: tenant_id, ordinal: Number(ordinal), height };
}
