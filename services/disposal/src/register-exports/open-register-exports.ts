import type { Router } from 'express';
import type { Kysely } from 'kysely';
import type { LegalDay } from '@mnv/bango-ho';
import type { Clock } from '@mnv/core';
import { withTenant } from '@mnv/service-kit';
import { listIssued } from '../certificates/certificate-delivery.repository.ts';
import type { DisposalDatabase } from '../database.ts';
import { listDrafted } from '../disposals/disposal.repository.ts';
import { listCarried } from '../retention/carried/carried-item.repository.ts';
import { retentionDatabase } from '../retention/database.ts';
import { storedRefusals } from '../retention/refusals/stored-refusals.ts';
import { listFiles } from '../retention/registers/file-register.repository.ts';
import type { RecordAct } from '../retention/retention-act.ts';
import type { InTenant } from '../retention/retention-store.ts';
import { listDue } from '../retention/subcontractors/subcontractor-deletion.repository.ts';
import { allPages } from './all-pages.ts';
import type { RegisterSources } from './kinds.ts';
import type { ProxyFacts } from './proxy-facts.ts';
import { registerExportRoutes } from './register-exports.routes.ts';

export type RegisterExportParts = {
  /** For lists and counts over a whole tenant. */
  patient: Kysely<DisposalDatabase>;
  proxy: ProxyFacts;
  recordAct: RecordAct;
  today(): LegalDay;
  clock: Clock;
};

/** The registers made here, over the database. */
export function openRegisterExports({ patient, ...parts }: RegisterExportParts): Router {
  const { proxy, recordAct, today, clock } = parts;
  const sources = { proxy, today, ...storedSources(patient, today) };
  return registerExportRoutes({ recordAct, sources, clock });
}

/** Each page in a transaction of its own: nothing is held while a reader is slow. */
function storedSources(
  db: Kysely<DisposalDatabase>,
  today: () => LegalDay,
): Omit<RegisterSources, 'proxy' | 'today'> {
  const retention = retentionDatabase(db);
  const inTenant: InTenant = (tenantId, work) => withTenant(retention, tenantId, work);
  const { listCourses } = storedRefusals(inTenant, today);
  return {
    files: (tenantId) => inTenant(tenantId, (trx) => listFiles(trx, tenantId)),
    disposals: ({ tenantId, from, to }) =>
      allPages((page) => listDrafted(db, tenantId, { from, to, ...page })),
    certificates: ({ tenantId, from, to }) =>
      allPages((page) => listIssued(db, tenantId, { from, to, ...page })),
    carried: ({ tenantId, from, to }) =>
      allPages(({ after, limit }) =>
        inTenant(tenantId, (trx) =>
          listCarried(trx, tenantId, { from, to, after: after?.id, limit }),
        ),
      ),
    deletions: ({ tenantId, from, to }) =>
      allPages((page) =>
        inTenant(tenantId, (trx) => listDue(trx, tenantId, { from, to, ...page })),
      ),
    courses: ({ tenantId }) =>
      allPages(({ after, limit }) => listCourses(tenantId, { after: after?.courseId, limit })),
  };
}
