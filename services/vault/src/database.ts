import type { ColumnType, Generated, JSONColumnType } from 'kysely';
import type { ChangeReason, Verification } from '@mnv/core';

/** bigint comes as text from pg; it is given as a number below 2^53. */
type BigintColumn = ColumnType<string, number | string, never>;

/** The tables the role `vault_service` may touch. */
export type VaultDatabase = {
  tenant: {
    tenant_id: string;
    log_origin: string;
    created_at: Generated<Date>;
    created_by: string;
  };
  number_record: {
    tenant_id: string;
    record_id: string;
    individual_ref: string;
    subject: string;
    related_ref: string | null;
    purposes: string[];
    verification: JSONColumnType<Verification>;
    notice_version: string;
    position: BigintColumn;
    /** Null once it was disposed of. */
    sealed_number: ColumnType<Buffer | null, Buffer, null>;
    stored_at: Generated<Date>;
    stored_by: string;
    stored_rid: string;
    /** In an ordered batch: reads as disposed of. */
    frozen_at: ColumnType<Date | null, null, Date | null>;
    disposed_at: ColumnType<Date | null, null, Date>;
    superseded_by: ColumnType<string | null, null, string>;
    superseded_as: ColumnType<ChangeReason | null, null, ChangeReason>;
    /** Legal day. */
    superseded_from: ColumnType<string | null, null, string>;
  };
  seen_checkpoint: {
    log_id: string;
    size: BigintColumn;
    root: Buffer;
    note: string;
    at: Generated<Date>;
  };
  control_batch: {
    start: BigintColumn;
    n: number;
    entries: Buffer;
    root: Buffer;
    checkpoint: string;
    edge: Buffer;
  };
  control_tile: { level: number; idx: BigintColumn; hashes: Buffer };
  job_lease: { job: string; holder: string; held_until: Date };
  scrub_pass: {
    pass: number;
    started_at: ColumnType<Date, Date, never>;
    finished_at: Date | null;
    expected: ColumnType<string, number, never>;
    tenant_id: Generated<string>;
    position: ColumnType<string, number | undefined, number>;
    opened: ColumnType<string, number | undefined, number>;
    damaged: ColumnType<string, number | undefined, number>;
  };
  duplicate_sweep: {
    tenant_id: string;
    stored_before: Date;
    compared: ColumnType<string, number, number>;
  };
  duplicate_record: { tenant_id: string; record_id: string; holders: string };
  recorded_checkpoint: { log_id: string; size: BigintColumn };
  key_tree_export: {
    digest: Buffer;
    name: string;
    epoch: number;
    taken_at: Date;
    bytes: BigintColumn;
    verified_at: ColumnType<Date | null, never, Date>;
    verified_index: ColumnType<string | null, never, number>;
  };
  reconciliation: {
    id: Generated<string>;
    due_since: ColumnType<Date, never, never>;
    reason: string;
    proposed_by: string | null;
    proposed_at: Date | null;
    findings: string | null;
    dropped: ColumnType<string, never, string | number>;
    done_by: string | null;
    done_at: Date | null;
  };
  idempotency: {
    tenant_id: string;
    client_id: string;
    route: string;
    key: string;
    digest: Buffer;
    record_id: string;
    expires_at: ColumnType<Date, Date, never>;
  };
};
