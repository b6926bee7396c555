import { randomUUID } from 'node:crypto';
import { batchHashOf, signBatchRequest } from '@mnv/protocol';
import type { BatchRequestToSign } from '@mnv/protocol';
import type { ServiceAnswer } from '@mnv/service-kit';
import type { JWTPayload } from 'jose';
import type { Tenant } from '../world.ts';
import { until } from './control-log.ts';
import type { RunningVault } from './running-vault.ts';

export const CASE = 'LEAVERS-2026-11';
const CALL_MS = 20_000;
const SCOPES = {
  'request-disposal': 'disposal:request',
  'approve-disposal': 'disposal:approve',
  'report-hold': 'hold:write',
} as const;
type Operation = keyof typeof SCOPES;

/** A batch a test wants gone. */
export type Batch = { disposalId: string; recordIds: string[]; caseId: string };
export const batchOf = (records: readonly { recordId: string }[]): Batch => ({
  disposalId: randomUUID(),
  recordIds: records.map(({ recordId }) => recordId),
  caseId: CASE,
});

/** Members of what is signed and claimed, in place of the honest ones. */
export type ActChanges = {
  claims?: JWTPayload;
  signed?: Partial<BatchRequestToSign>;
};

/** The evidence of a person's act about a batch. */
export async function evidenceOf(
  { tenantId, client }: Pick<Tenant, 'tenantId' | 'client'>,
  act: { operation: Operation; person: string; batch: Batch },
  { claims, signed }: ActChanges = {},
) {
  const { operation, person, batch } = act;
  const now = Math.floor(Date.now() / 1000);
  const token = await client.token({
    sub: person,
    scope: SCOPES[operation],
    auth_time: now - 10,
    ...claims,
  });
  const request = signBatchRequest(
    {
      rid: randomUUID(),
      iat: now,
      tenant: tenantId,
      operation,
      purpose: 'DISPOSAL',
      caseId: batch.caseId,
      count: batch.recordIds.length,
      batchHash: batchHashOf(batch.recordIds),
      ...signed,
    },
    client.privateKey,
  );
  return { token, certificate: client.certificate, request };
}

/** What the disposal service asks a vault about the batches of a tenant. */
export function disposing(vault: RunningVault, tenant: Pick<Tenant, 'tenantId' | 'client'>) {
  const { tenantId } = tenant;
  const post = (path: string, body: unknown): Promise<ServiceAnswer> =>
    vault.asDisposal.json(`/internal/disposals${path}`, body, { deadlineMs: CALL_MS });
  const get = (path: string): Promise<ServiceAnswer> =>
    vault.asDisposal.json(`/internal/disposals${path}?tenantId=${tenantId}`, undefined, {
      deadlineMs: CALL_MS,
    });
  const act = async (
    what: { path: string; operation: Operation; person: string; batch: Batch },
    changes?: ActChanges,
  ) =>
    post(`/${what.batch.disposalId}/${what.path}`, {
      tenantId,
      ...(await evidenceOf(tenant, what, changes)),
    });
  return {
    post,
    get,
    request: async (batch: Batch, person = 'requester', changes?: ActChanges) =>
      post('', {
        ...batch,
        tenantId,
        ...(await evidenceOf(tenant, { operation: 'request-disposal', person, batch }, changes)),
      }),
    approve: (batch: Batch, person: string, changes?: ActChanges) =>
      act({ path: 'approvals', operation: 'approve-disposal', person, batch }, changes),
    hold: (batch: Batch, person = 'counsel', changes?: ActChanges) =>
      act({ path: 'holds', operation: 'report-hold', person, batch }, changes),
    order: ({ disposalId }: Batch) => post(`/${disposalId}/order`, { tenantId }),
    stop: ({ disposalId }: Batch) => post(`/${disposalId}/stop`, { tenantId }),
    show: ({ disposalId }: Batch) => get(`/${disposalId}`),
    /** Asked for and approved by three persons. */
    async approved(batch: Batch): Promise<Batch> {
      const answers = [
        await this.request(batch),
        await this.approve(batch, 'approver-1'),
        await this.approve(batch, 'approver-2'),
      ];
      if (answers.some(({ status }) => status > 201)) throw new Error('the batch is not approved');
      return batch;
    },
    /** Waits until the batch is in one of these states. */
    reaches: (batch: Batch, ...states: string[]) =>
      until(async () => {
        const { body } = await get(`/${batch.disposalId}`);
        const shown = body as Shown;
        return states.includes(shown.state) ? shown : undefined;
      }),
    async disposed(batch: Batch): Promise<Shown> {
      await this.approved(batch);
      const { status } = await this.order(batch);
      if (status !== 202) throw new Error('the batch was not ordered');
      return this.reaches(batch, 'erased');
    },
  };
}

export type Shown = {
  state: string;
  held: boolean;
  approvals: number;
  epoch: number;
  batchHash: string;
  indices: Record<string, number & number[]>;
};
