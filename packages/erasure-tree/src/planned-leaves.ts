import type { ErasurePlan } from './erasure-plan.ts';
import { RADIX } from './place.ts';

/** The planned positions of one leaf of a tenant. */
export type PlannedLeaves = (tenantId: string, leaf: number) => readonly number[];

export function plannedLeaves({ items }: Pick<ErasurePlan, 'items'>): PlannedLeaves {
  const byTenant = new Map(
    [...items].map(([tenantId, positions]) => [
      tenantId,
      Map.groupBy(positions, (position) => Math.floor(position / RADIX)),
    ]),
  );
  return (tenantId, leaf) => byTenant.get(tenantId)?.get(leaf) ?? [];
}
