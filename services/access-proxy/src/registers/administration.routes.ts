import { randomUUID } from 'node:crypto';
import { Router } from 'express';
import type { Response } from 'express';
import { z } from 'zod';
import { OPERATOR_TENANT, Refusal, isTenantId } from '@mnv/core';
import { findPurpose } from '@mnv/bango-ho';
import { jsonBody, requirePerson, requireScope } from '@mnv/service-kit';
import { callerOf } from '../authenticate.ts';
import type { Caller } from '../caller.ts';
import type { RegisteredTenant } from '../log/tenant.repository.ts';
import type { NewAssignment, NewOperator, NewTraining } from './register.repository.ts';

const Day = z.iso.date();
const Subject = z.string().min(1).max(128);
const Name = z.string().trim().min(1).max(200);
const TenantBody = z.strictObject({ tenantId: z.string().refine(isTenantId), name: Name });
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

export type AdministrationDependencies = {
  /** Writes the entry of an administrative act, before the act. */
  recordAct(caller: Caller, operation: string): Promise<void>;
  createTenant(
    caller: Caller,
    tenant: { tenantId: string; name: string },
  ): Promise<RegisteredTenant>;
  listTenants(): Promise<RegisteredTenant[]>;
  addOperator(operator: NewOperator, addedBy: string): Promise<boolean>;
  operatorExists(subject: string): Promise<boolean>;
  addAssignment(assignment: NewAssignment, addedBy: string): Promise<void>;
  addTraining(training: NewTraining, addedBy: string): Promise<void>;
  tenantExists(tenantId: string): Promise<boolean>;
};

/** What administrators keep: tenants, and the registers policy decides over. Acts of the operator company. */
export function administrationRoutes(deps: AdministrationDependencies): Router {
  const router = Router();
  router.post('/v1/tenants', jsonBody(), async (req, res) => {
    const caller = administratorOf(res);
    const body = parsed(
      TenantBody,
      req.body,
      'Send {"tenantId":…,"name":…}; a tenant id is [a-z][a-z0-9-]{1,39}.',
    );
    await deps.recordAct(caller, 'create-tenant');
    const tenant = await deps.createTenant(caller, body);
    res.status(201).json({ tenantId: tenant.tenantId, name: tenant.name, origin: tenant.origin });
  });
  router.get('/v1/tenants', async (_req, res) => {
    administratorOf(res);
    const tenants = await deps.listTenants();
    res.json({
      tenants: tenants.map(({ tenantId, name, origin }) => ({ tenantId, name, origin })),
    });
  });
  router.post('/v1/operators', jsonBody(), async (req, res) => {
    const caller = administratorOf(res);
    const body = parsed(OperatorBody, req.body, 'Send {"subject":…,"name":…}.');
    await deps.recordAct(caller, 'add-operator');
    const added = await deps.addOperator(body, caller.token.subject);
    res.status(added ? 201 : 200).json(body);
  });
  router.post('/v1/tenants/:tenantId/assignments', jsonBody(), async (req, res) => {
    const caller = administratorOf(res);
    const body = parsed(
      AssignmentBody,
      req.body,
      'Send {"subject":…,"purposes":[codes of the statutory list],"from":day,"to":day}.',
    );
    const tenantId = String(req.params['tenantId']);
    await requireRegistered(deps, tenantId, body.subject);
    if (body.to !== undefined && body.to < body.from)
      throw new Refusal('invalid-request', '"to" is before "from".');
    await deps.recordAct(caller, 'add-assignment');
    const { subject, purposes, from: startsOn, to: endsOn } = body;
    const assignment = {
      assignmentId: randomUUID(),
      tenantId,
      subject,
      purposes,
      startsOn,
      endsOn,
    };
    await deps.addAssignment(assignment, caller.token.subject);
    res.status(201).json({ assignmentId: assignment.assignmentId });
  });
  router.post('/v1/training', jsonBody(), async (req, res) => {
    const caller = administratorOf(res);
    const body = parsed(
      TrainingBody,
      req.body,
      'Send {"subject":…,"course":…,"completedOn":day,"expiresOn":day}.',
    );
    if (body.expiresOn <= body.completedOn)
      throw new Refusal('invalid-request', '"expiresOn" is not after "completedOn".');
    if (!(await deps.operatorExists(body.subject)))
      throw new Refusal('not-found', 'There is no such operator.');
    await deps.recordAct(caller, 'add-training');
    const training = { trainingId: randomUUID(), ...body };
    await deps.addTraining(training, caller.token.subject);
    res.status(201).json({ trainingId: training.trainingId });
  });
  return router;
}

/** An administrator acts for the operator company, as a person, with the right to. */
function administratorOf(res: Response): Caller {
  const caller = callerOf(res);
  requireScope(caller.token, 'admin');
  requirePerson(caller.token);
  if (caller.token.tenant !== OPERATOR_TENANT) {
    throw new Refusal('not-permitted', 'Administration is done for the tenant "operator".');
  }
  return caller;
}

async function requireRegistered(
  deps: AdministrationDependencies,
  tenantId: string,
  subject: string,
): Promise<void> {
  if (!(await deps.tenantExists(tenantId)))
    throw new Refusal('not-found', 'There is no such tenant.');
  if (!(await deps.operatorExists(subject)))
    throw new Refusal('not-found', 'There is no such operator.');
}

function parsed<T>(schema: z.ZodType<T>, body: unknown, help: string): T {
  const result = schema.safeParse(body);
  if (!result.success) throw new Refusal('invalid-request', help);
  return result.data;
}
