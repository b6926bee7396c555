import type { Transaction } from 'kysely';
import { sql } from 'kysely';
import type { VaultDatabase } from '../database.ts';
import type { DisposalAct } from './disposal.ts';

type Trx = Transaction<VaultDatabase>;

type Row = {
  kind: DisposalAct['kind'];
  control_index: string;
  iss: string;
  sub: string;
  nonce: string;
  rid: string;
  void: boolean;
};

/** What people did about a batch, in the order of the control log. The transaction is the tenant's. */
export async function findActs(trx: Trx, disposalId: string): Promise<DisposalAct[]> {
  const { rows } = await sql<Row>`
    select kind, control_index, iss, sub, nonce, rid, void from disposal_act
    where disposal_id = ${disposalId} order by control_index`.execute(trx);
  return rows.map(({ control_index: index, ...act }) => ({ ...act, index: Number(index) }));
}

/** False when the signed request was used before. */
export async function insertAct(
  trx: Trx,
  { tenantId, disposalId }: { tenantId: string; disposalId: string },
  { kind, index, iss, sub, nonce, rid }: Omit<DisposalAct, 'void'>,
): Promise<boolean> {
  const { numAffectedRows } = await sql`
    insert into disposal_act (disposal_id, tenant_id, kind, control_index, iss, sub, nonce, rid)
    values (${disposalId}, ${tenantId}, ${kind}, ${index}, ${iss}, ${sub}, ${nonce}, ${rid})
    on conflict do nothing`.execute(trx);
  return numAffectedRows === 1n;
}

/** Whether a signed request of a tenant was used for any act. */
export async function isRequestUsed(trx: Trx, tenantId: string, rid: string): Promise<boolean> {
  const { rows } = await sql`
    select from disposal_act where tenant_id = ${tenantId} and rid = ${rid}`.execute(trx);
  return rows.length > 0;
}

/** From now on the approvals given so far count no more. */
export async function voidApprovals(trx: Trx, disposalId: string): Promise<void> {
  await sql`update disposal_act set void = true
    where disposal_id = ${disposalId} and kind = 'approved'`.execute(trx);
}
