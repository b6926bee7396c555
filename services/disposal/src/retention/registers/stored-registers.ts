import { insertCarried, insertEnd, listCarried } from '../carried/carried-item.repository.ts';
import type { CarriedRouteDependencies } from '../carried/carried.routes.ts';
import type { InTenant } from '../retention-store.ts';
import {
  insertCertificate,
  insertDeletion,
  listDeletions,
} from '../subcontractors/subcontractor-deletion.repository.ts';
import type { SubcontractorRouteDependencies } from '../subcontractors/subcontractors.routes.ts';
import { listFiles } from './file-register.repository.ts';
import type { RegisterRouteDependencies } from './registers.routes.ts';

/** What a tenant keeps to be able to show it, over the database. */
export function storedRegisters(
  inTenant: InTenant,
): Omit<
  CarriedRouteDependencies & SubcontractorRouteDependencies & RegisterRouteDependencies,
  'recordAct' | 'today'
> {
  return {
    listFiles: (tenantId) => inTenant(tenantId, (trx) => listFiles(trx, tenantId)),
    recordCarried: ({ tenantId, person: recordedBy }, item) =>
      inTenant(tenantId, (trx) => insertCarried(trx, tenantId, { item, recordedBy })),
    endCarried: ({ tenantId, person: recordedBy }, carryId, end) =>
      inTenant(tenantId, (trx) => insertEnd(trx, tenantId, { carryId, end, recordedBy })),
    listCarried: (tenantId, page) => inTenant(tenantId, (trx) => listCarried(trx, tenantId, page)),
    noteDeletion: ({ tenantId, person: notedBy }, noted) =>
      inTenant(tenantId, (trx) => insertDeletion(trx, tenantId, { ...noted, notedBy })),
    takeCertificate: ({ tenantId, person: receivedBy }, received) =>
      inTenant(tenantId, (trx) => insertCertificate(trx, tenantId, { ...received, receivedBy })),
    listDeletions: (tenantId, page) =>
      inTenant(tenantId, (trx) => listDeletions(trx, tenantId, page)),
  };
}
