import { ASSIGNMENT_ADD } from './assignment-add.command.ts';
import { ASSIGNMENT_LIST } from './assignment-list.command.ts';
import { CERTIFICATE_SHOW } from './certificate-show.command.ts';
import type { Command } from './command.ts';
import { DISPOSAL_CERTIFICATE, DISPOSAL_PERSONS } from './disposal/disposal-exports.commands.ts';
import {
  DISPOSAL_LIST,
  DISPOSAL_ORDER,
  DISPOSAL_STATUS,
  DISPOSAL_STOP,
  DISPOSAL_WAIT,
} from './disposal/disposal-plain.commands.ts';
import { DISPOSAL_REQUEST } from './disposal/disposal-request.command.ts';
import { DISPOSAL_APPROVE, DISPOSAL_HOLD } from './disposal/disposal-signed.commands.ts';
import {
  DISPOSAL_ACKNOWLEDGE,
  DISPOSAL_CERTIFICATES,
} from './disposal/disposal-certificates.commands.ts';
import { DOCTOR } from './doctor.command.ts';
import { DUPLICATES } from './duplicates.command.ts';
import {
  IDENTITY_DOCUMENT_ADD,
  IDENTITY_DOCUMENT_LIST,
  IDENTITY_DOCUMENT_PERIOD,
  IDENTITY_DOCUMENT_SHOW,
} from './identity-document/identity-document.commands.ts';
import { IMPORT } from './import.command.ts';
import { LOG_ARCHIVE } from './log-archive.command.ts';
import { LOG_EXPORT } from './log-export.command.ts';
import { LOG_FSCK } from './log-fsck.command.ts';
import { MIGRATE } from './migrate.command.ts';
import { NUMBER_CHANGE } from './number-change/number-change.command.ts';
import { OPERATOR_ADD } from './operator-add.command.ts';
import { RELEASES_EXPORT } from './releases-export.command.ts';
import { CARRIED_END, CARRIED_IMPORT } from './register/carried.commands.ts';
import { SUBCONTRACTOR_NOTE, SUBCONTRACTOR_PROOF } from './register/subcontractor.commands.ts';
import { REFUSALS_IMPORT } from './refusals/refusals-import.command.ts';
import { REFUSALS_LIST } from './refusals/refusals-list.command.ts';
import { REGISTER } from './register/register.command.ts';
import { REPORT_ACCESS } from './report-access.command.ts';
import { KEYTREE_EXPORT } from './restore/keytree-export.command.ts';
import { KEYTREE_RESTORE } from './restore/keytree-restore.command.ts';
import { ROOT_ROTATE } from './restore/root-rotate.command.ts';
import { RESTORE_RECONCILE } from './restore/restore-reconcile.command.ts';
import { RESTORE_STATUS } from './restore/restore-status.command.ts';
import { RESTORE_LOG } from './restore/restore-log.command.ts';
import { EVENTS_IMPORT } from './retention/events-import.command.ts';
import { LAW_CONFIRM, LAW_LIST, LAW_LOAD, LAW_PROPOSE } from './retention/law-adoption.commands.ts';
import { RETENTION_CONFIRM, RETENTION_PROPOSE } from './retention/retention-decide.commands.ts';
import { RETENTION_DRY_RUN, RETENTION_REQUEST } from './retention/retention-dry-run.commands.ts';
import { RETENTION_EXPLAIN } from './retention/retention-explain.command.ts';
import { RETENTION_LAW, RETENTION_SIMULATE } from './retention/retention-law.commands.ts';
import {
  RETENTION_HOLD,
  RETENTION_HOLDS,
  RETENTION_LIFT,
} from './retention/retention-hold.commands.ts';
import {
  RETENTION_DECISIONS,
  RETENTION_DUE,
  RETENTION_JOBS,
  RETENTION_LIFE,
  RETENTION_TASKS,
} from './retention/retention-views.commands.ts';
import { TENANT_CREATE } from './tenant-create.command.ts';
import { TENANT_LIST } from './tenant-list.command.ts';
import { TOKEN } from './token.command.ts';
import { TRAINING_ADD } from './training-add.command.ts';
import { VERIFY_CERTIFICATE } from './verify-certificate.command.ts';
import { VERIFY_LOG } from './verify-log.command.ts';
import { VERIFY_RECEIPT } from './verify-receipt.command.ts';
import { WITNESS, WITNESS_KEY } from './witness.command.ts';

/** Every command, in the order of the help. */
export const COMMANDS: readonly Command[] = [
  TENANT_CREATE,
  TENANT_LIST,
  OPERATOR_ADD,
  ASSIGNMENT_ADD,
  ASSIGNMENT_LIST,
  TRAINING_ADD,
  IMPORT,
  NUMBER_CHANGE,
  IDENTITY_DOCUMENT_ADD,
  IDENTITY_DOCUMENT_LIST,
  IDENTITY_DOCUMENT_SHOW,
  IDENTITY_DOCUMENT_PERIOD,
  DUPLICATES,
  REPORT_ACCESS,
  REGISTER,
  CARRIED_IMPORT,
  CARRIED_END,
  SUBCONTRACTOR_NOTE,
  SUBCONTRACTOR_PROOF,
  TOKEN,
  DISPOSAL_REQUEST,
  DISPOSAL_APPROVE,
  DISPOSAL_HOLD,
  DISPOSAL_ORDER,
  DISPOSAL_STOP,
  DISPOSAL_STATUS,
  DISPOSAL_WAIT,
  DISPOSAL_LIST,
  DISPOSAL_CERTIFICATE,
  DISPOSAL_CERTIFICATES,
  DISPOSAL_ACKNOWLEDGE,
  DISPOSAL_PERSONS,
  VERIFY_RECEIPT,
  VERIFY_LOG,
  VERIFY_CERTIFICATE,
  CERTIFICATE_SHOW,
  LOG_EXPORT,
  RELEASES_EXPORT,
  LOG_ARCHIVE,
  LOG_FSCK,
  WITNESS,
  WITNESS_KEY,
  EVENTS_IMPORT,
  REFUSALS_IMPORT,
  REFUSALS_LIST,
  RETENTION_LIFE,
  RETENTION_DUE,
  RETENTION_TASKS,
  RETENTION_PROPOSE,
  RETENTION_CONFIRM,
  RETENTION_DECISIONS,
  RETENTION_HOLD,
  RETENTION_LIFT,
  RETENTION_HOLDS,
  RETENTION_DRY_RUN,
  RETENTION_REQUEST,
  RETENTION_JOBS,
  RETENTION_LAW,
  RETENTION_SIMULATE,
  LAW_LOAD,
  LAW_LIST,
  LAW_PROPOSE,
  LAW_CONFIRM,
  RETENTION_EXPLAIN,
  MIGRATE,
  ROOT_ROTATE,
  KEYTREE_EXPORT,
  KEYTREE_RESTORE,
  RESTORE_STATUS,
  RESTORE_LOG,
  RESTORE_RECONCILE,
  DOCTOR,
];
