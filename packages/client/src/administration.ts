import { OPERATOR_TENANT } from '@mnv/core';
import { readAccessList } from './export-register.ts';
import type { AccessListEntry } from './export-register.ts';
import { newIdempotencyKey } from './idempotency-key.ts';
import type { JsonContext } from './json-call.ts';
import { jsonCall } from './json-call.ts';
import { TransportError } from './transport-error.ts';
import type { KeyTreeExport, Reconciliation, RestoreState, Rotation } from './restore.ts';

export type Tenant = { tenantId: string; name?: string; origin?: string };
export type Assignment = {
  subject: string;
  purposes: readonly string[];
  from: string;
  to?: string;
};
export type Training = { subject: string; course: string; completedOn: string; expiresOn: string };

/** What administrators do. Every call carries a token of the `operator` tenant with scope `admin`. */
export type Administration = {
  createTenant: (tenant: { tenantId: string; name: string }) => Promise<Tenant>;
  listTenants: () => Promise<Tenant[]>;
  addOperator: (operator: { subject: string; name: string }) => Promise<void>;
  addAssignment: (tenantId: string, assignment: Assignment) => Promise<void>;
  addTraining: (training: Training) => Promise<void>;
  /** Who could handle the tenant’s numbers in a period of legal days. */
  accessList: (
    tenantId: string,
    period: { from: string; to: string },
  ) => Promise<AccessListEntry[]>;
  restoreState: () => Promise<RestoreState>;
  /** Proposes, or as the second person carries out. */
  reconcile: () => Promise<Reconciliation>;
  exportKeyTree: () => Promise<KeyTreeExport>;
  /** Orders fresh keys for every node under a new root version; the same id is the same rotation. */
  rotateKeys: (rotationId: string) => Promise<Rotation>;
  rotation: (rotationId: string) => Promise<Rotation>;
};

/** The same call twice changes nothing more: each names what is to hold, so a lost answer is asked for again. */
export function makeAdministration(anyTenant: JsonContext): Administration {
  const context = { ...anyTenant, tenant: OPERATOR_TENANT };
  const post = (path: string, json: object) =>
    jsonCall(context, {
      method: 'POST',
      path,
      json,
      headers: { 'idempotency-key': newIdempotencyKey() },
    });
  return {
    createTenant: async (tenant) => (await post('/v1/tenants', tenant)) as Tenant,
    listTenants: async () =>
      tenantsFrom(await jsonCall(context, { method: 'GET', path: '/v1/tenants' })),
    addOperator: async (operator) => void (await post('/v1/operators', operator)),
    addAssignment: async (tenantId, assignment) =>
      void (await post(`/v1/tenants/${tenantId}/assignments`, assignment)),
    addTraining: async (training) => void (await post('/v1/training', training)),
    accessList: (tenantId, period) => readAccessList(context, period, tenantId),
    restoreState: async () =>
      (await jsonCall(context, { method: 'GET', path: '/v1/restore' })) as RestoreState,
    reconcile: async () => (await post('/v1/restore/reconciliation', {})) as Reconciliation,
    exportKeyTree: async () => (await post('/v1/key-tree-exports', {})) as KeyTreeExport,
    rotateKeys: async (rotationId) => (await post('/v1/rotations', { rotationId })) as Rotation,
    rotation: async (rotationId) => {
      const path = `/v1/rotations/${rotationId}`;
      return (await jsonCall(context, { method: 'GET', path })) as Rotation;
    },
  };
}

function tenantsFrom(answer: unknown): Tenant[] {
  const tenants = (answer as { tenants?: unknown } | null)?.tenants;
  if (!Array.isArray(tenants)) throw new TransportError('answer-invalid', 'TENANTS');
  return tenants as Tenant[];
}
