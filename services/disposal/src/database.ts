import type { ColumnType, Generated } from 'kysely';

/** bigint comes as text from pg; it is given as a number below 2^53. */
type BigintColumn = ColumnType<string, number, number>;
type Later<T> = ColumnType<T | null, never, T | null>;

/** What the vault says of a disposal it knows, in the order of its life; `stopped` ends it early. */
export const VAULT_STATES = [
  'requested',
  'frozen',
  'intent',
  'rekeying',
  'flipped',
  'fenced',
  'erased',
  'stopped',
] as const;
export type VaultState = (typeof VAULT_STATES)[number];

/** The tables the role `disposal_service` may touch. */
export type DisposalDatabase = {
  disposal: {
    tenant_id: string;
    disposal_id: string;
    case_id: string;
    reason: string;
    batch_hash: Buffer;
    n: number;
    not_due: ColumnType<number | null, number, never>;
    drafted_at: Generated<Date>;
    drafted_by: string;
    client_id: string;
    idempotency_key: string;
    asked_at: Later<Date>;
    ordered_at: Later<Date>;
    stop_at: Later<Date>;
    vault_state: Later<VaultState>;
    held: ColumnType<boolean, never, boolean>;
    approvals: ColumnType<number, never, number>;
    epoch: ColumnType<string | null, never, number | null>;
    indices: ColumnType<object | null, never, string | null>;
    looked_at: Later<Date>;
  };
  disposal_record: {
    tenant_id: string;
    disposal_id: string;
    at: number;
    record_id: string;
    individual_ref: ColumnType<string | null, string | null, null>;
  };
  disposal_certificate: {
    tenant_id: string;
    disposal_id: string;
    number: BigintColumn;
    certificate: string;
    hash: Buffer;
    issued_at: Generated<Date>;
    control_index: ColumnType<string | null, never, number>;
    tenant_number: BigintColumn;
  };
  disposal_watch: { disposal_id: string; tenant_id: string };
  certificate_number: {
    number: BigintColumn;
    disposal_id: string;
    taken_at: Generated<Date>;
  };
  seen_control_checkpoint: {
    size: BigintColumn;
    root: Buffer;
    note: string;
    at: Generated<Date>;
  };
};
