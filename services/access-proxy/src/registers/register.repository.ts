import type { Kysely } from 'kysely';
import { withTenant } from '@mnv/service-kit';
import type { AccessDatabase } from '../database.ts';

export type NewOperator = { subject: string; name: string };
export type NewAssignment = {
  assignmentId: string;
  tenantId: string;
  subject: string;
  purposes: string[];
  startsOn: string;
  endsOn: string | undefined;
};
export type NewTraining = {
  trainingId: string;
  subject: string;
  course: string;
  completedOn: string;
  expiresOn: string;
};

/** False when the operator is registered already. */
export async function insertOperator(
  db: Kysely<AccessDatabase>,
  operator: NewOperator,
  addedBy: string,
): Promise<boolean> {
  const { numInsertedOrUpdatedRows } = await db
    .insertInto('operator')
    .values({ ...operator, added_by: addedBy })
    .onConflict((conflict) => conflict.column('subject').doNothing())
    .executeTakeFirstOrThrow();
  return numInsertedOrUpdatedRows === 1n;
}

export async function operatorExists(
  db: Kysely<AccessDatabase>,
  subject: string,
): Promise<boolean> {
  const row = await db
    .selectFrom('operator')
    .select('subject')
    .where('subject', '=', subject)
    .executeTakeFirst();
  return row !== undefined;
}

export async function insertAssignment(
  db: Kysely<AccessDatabase>,
  assignment: NewAssignment,
  addedBy: string,
): Promise<void> {
  await withTenant(db, assignment.tenantId, (trx) =>
    trx
      .insertInto('assignment')
      .values({
        assignment_id: assignment.assignmentId,
        tenant_id: assignment.tenantId,
        subject: assignment.subject,
        purposes: assignment.purposes,
        starts_on: assignment.startsOn,
        ends_on: assignment.endsOn ?? null,
        added_by: addedBy,
      })
      .execute(),
  );
}

export async function insertTraining(
  db: Kysely<AccessDatabase>,
  training: NewTraining,
  addedBy: string,
): Promise<void> {
  await db
    .insertInto('training')
    .values({
      training_id: training.trainingId,
      subject: training.subject,
      course: training.course,
      completed_on: training.completedOn,
      expires_on: training.expiresOn,
      added_by: addedBy,
    })
    .execute();
}
