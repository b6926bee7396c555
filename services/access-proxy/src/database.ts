import type { LogTables } from '@mnv/log-archive';
import type { ColumnType, Generated } from 'kysely';

/** bigint comes as text from pg; it is given as a number below 2^53. */
type BigintColumn = ColumnType<string, number, never>;
/** A legal day, `YYYY-MM-DD`, read as text. */
type DayColumn = ColumnType<string, string, string>;

/** The tables the role `access_service` may touch. */
export type AccessDatabase = LogTables & {
  tenant: {
    tenant_id: string;
    name: string;
    log_id: string;
    origin: string;
    created_at: Generated<Date>;
    created_by: string;
  };
  log_witnessed: {
    log_id: string;
    witness: string;
    size: ColumnType<string, number, number>;
    note: string;
    at: ColumnType<Date, never, Date>;
  };
  log_cosigned: {
    log_id: string;
    witnesses: number;
    size: ColumnType<string, number, number>;
    note: string;
    at: ColumnType<Date, never, Date>;
  };
  witnessed_control_checkpoint: {
    size: BigintColumn;
    witnesses: number;
    note: string;
    at: Generated<Date>;
  };
  seen_control_checkpoint: {
    size: BigintColumn;
    root: Buffer;
    note: string;
    at: Generated<Date>;
  };
  operator: { subject: string; name: string; added_at: Generated<Date>; added_by: string };
  assignment: {
    assignment_id: string;
    tenant_id: string;
    subject: string;
    purposes: string[];
    starts_on: DayColumn;
    ends_on: DayColumn | null;
    added_at: Generated<Date>;
    added_by: string;
  };
  training: {
    training_id: string;
    subject: string;
    course: string;
    completed_on: DayColumn;
    expires_on: DayColumn;
    added_at: Generated<Date>;
    added_by: string;
  };
};
