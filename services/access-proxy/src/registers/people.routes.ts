import { randomUUID } from 'node:crypto';
import { Router } from 'express';
import type { Request, Response } from 'express';
import { z } from 'zod';
import type { Clock } from '@mnv/core';
import { Refusal, legalDayOf } from '@mnv/core';
import { findPurpose } from '@mnv/bango-ho';
import { answer, callerOf, jsonBody } from '@mnv/service-kit';
import type { Answer } from '@mnv/service-kit';
import type { Administer } from './administer.ts';
import { Name, wellFormed } from './administer.ts';
import type { NewAssignment, NewOperator, NewTraining } from './register.repository.ts';

const Day = z.iso.date();
const Subject = z.string().min(1).max(128);
const OperatorBody = z.strictObject({ subject: Subject, name: Name });
const AssignmentBody = z.strictObject({
  subject: Subject,
  purposes: z
    .array(z.string().refine((code) => findPurpose(code) !== undefined))
    .min(1)
    .max(100),
  from: Day,
  to: Day.optional(),
});
const TrainingBody = z.strictObject({
  subject: Subject,
  course: z.string().trim().min(1).max(100),
  completedOn: Day,
  expiresOn: Day,
});

export type PeopleRouteDependencies = {
  administer: Administer;
  clock: Clock;
  addOperator(operator: NewOperator, addedBy: string): Promise<boolean>;
  operatorExists(subject: string): Promise<boolean>;
  addAssignment(assignment: NewAssignment, addedBy: string): Promise<void>;
  addTraining(training: NewTraining, addedBy: string): Promise<void>;
  tenantExists(tenantId: string): Promise<boolean>;
};

/** The registers policy decides over: who handles numbers, for which tenant's work, and who is trained. */
export function peopleRoutes(deps: PeopleRouteDependencies): Router {
  const route = (add: Add) => answer((req, res) => add(req, res, deps));
  return Router()
    .post('/v1/operators', jsonBody(), route(addOperator))
    .post('/v1/tenants/:tenantId/assignments', jsonBody(), route(addAssignment))
    .post('/v1/training', jsonBody(), route(addTraining));
}

type Add = (req: Request, res: Response, deps: PeopleRouteDependencies) => Promise<Answer>;

const addOperator: Add = async (req, res, deps) => {
  const caller = callerOf(res);
  const body = wellFormed(OperatorBody, req.body, 'Send {"subject":…,"name":…}.');
  await deps.administer(caller, 'add-operator');
  const added = await deps.addOperator(body, caller.token.subject);
  return { status: added ? 201 : 200, body };
};

const addAssignment: Add = async (req, res, deps) => {
  const caller = callerOf(res);
  const help =
    'Send {"subject":…,"purposes":[codes of the statutory list],"from":day,"to":day}, in order.';
  const body = wellFormed(AssignmentBody, req.body, help);
  const { subject, purposes, from: startsOn, to: endsOn } = body;
  if (endsOn !== undefined && endsOn < startsOn) throw new Refusal('invalid-request', help);
  await deps.administer(caller, 'add-assignment');
  const tenantId = String(req.params['tenantId']);
  if (!(await deps.tenantExists(tenantId)))
    throw new Refusal('not-found', 'There is no such tenant.');
  await requireOperator(subject, deps);
  const assignmentId = randomUUID();
  const assignment = { assignmentId, tenantId, subject, purposes, startsOn, endsOn };
  await deps.addAssignment(assignment, caller.token.subject);
  return { status: 201, body: { assignmentId } };
};

const addTraining: Add = async (req, res, deps) => {
  const caller = callerOf(res);
  const help =
    'Send {"subject":…,"course":…,"completedOn":a day until today,"expiresOn":a later day}.';
  const body = wellFormed(TrainingBody, req.body, help);
  const { completedOn, expiresOn } = body;
  if (expiresOn <= completedOn || completedOn > legalDayOf(deps.clock()))
    throw new Refusal('invalid-request', help);
  await deps.administer(caller, 'add-training');
  await requireOperator(body.subject, deps);
  const trainingId = randomUUID();
  await deps.addTraining({ trainingId, ...body }, caller.token.subject);
  return { status: 201, body: { trainingId } };
};

async function requireOperator(subject: string, deps: PeopleRouteDependencies): Promise<void> {
  if (!(await deps.operatorExists(subject)))
    throw new Refusal('not-found', 'There is no such operator.');
}
