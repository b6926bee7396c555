import { Router } from 'express';
import type { Kysely } from 'kysely';
import type { Clock } from '@mnv/core';
import type { AccessDatabase } from '../database.ts';
import { findTenant, insertTenant, listTenants } from '../log/tenant.repository.ts';
import type { RecordAct } from '../record-act.ts';
import type { VaultRecords } from '../records/vault-records.ts';
import { accessListRoutes } from './access-list.routes.ts';
import type { FindAccessList } from './access-list.ts';
import { makeAdminister } from './administer.ts';
import { makeCreateTenant } from './create-tenant.ts';
import { peopleRoutes } from './people.routes.ts';
import {
  insertAssignment,
  insertOperator,
  insertTraining,
  operatorExists,
} from './register.repository.ts';
import { tenantRoutes } from './tenants.routes.ts';

/** What administrators keep: tenants, people, assignments, trainings. */
export function openRegisters(parts: {
  deployment: string;
  db: Kysely<AccessDatabase>;
  vault: VaultRecords;
  recordAct: RecordAct;
  clock: Clock;
  findAccessList: FindAccessList;
}): Router {
  const { deployment, db, vault, recordAct } = parts;
  const administer = makeAdminister(recordAct);
  const tenantExists = async (tenantId: string) => (await findTenant(db, tenantId)) !== undefined;
  return Router()
    .use(
      tenantRoutes({
        administer,
        createTenant: makeCreateTenant({
          deployment,
          insertTenant: (tenant, createdBy) => insertTenant(db, tenant, createdBy),
          createInVault: (caller, tenant) => vault.createTenant(caller, tenant),
        }),
        listTenants: () => listTenants(db),
      }),
    )
    .use(
      peopleRoutes({
        administer,
        clock: parts.clock,
        addOperator: (operator, addedBy) => insertOperator(db, operator, addedBy),
        operatorExists: (subject) => operatorExists(db, subject),
        addAssignment: (assignment, addedBy) => insertAssignment(db, assignment, addedBy),
        addTraining: (training, addedBy) => insertTraining(db, training, addedBy),
        tenantExists,
      }),
    )
    .use(
      accessListRoutes({
        administer,
        recordAct,
        tenantExists,
        findAccessList: parts.findAccessList,
      }),
    );
}
