import { z } from 'zod';
import { Refusal } from '@mnv/core';
import type { ProblemCode } from '@mnv/core';
import { problemCodeOf } from '@mnv/service-kit';
import type { Caller, ServiceAnswer, ServiceClient } from '@mnv/service-kit';
import { VAULT_STATES } from '../database.ts';
import type { DisposalKey, VaultStatus } from './disposal.ts';

const LOOK_DEADLINE_MS = 1_500;
/** A batch of 50,000 ids is two megabytes, each is looked at, and each is frozen. */
const ACT_DEADLINE_MS = 20_000;

const EVIDENCE_DEADLINE_MS = 30_000;

const Count = z.int().min(0);
const Index = Count.optional();
const Status = z.object({
  batchHash: z.string(),
  count: Count,
  state: z.enum(VAULT_STATES),
  held: z.boolean(),
  approvals: Count,
  epoch: Index,
  progress: z.object({ erased: Count, of: Count }).optional(),
  indices: z.object({
    requested: Index,
    approved: z.array(Count).optional(),
    held: z.array(Count).optional(),
    intent: Index,
    rootCreated: Index,
    flipped: Index,
    fenced: Index,
    erased: Index,
  }),
});

/** What a person shows the vault: it believes nobody's word about them. */
export type Evidence = { caller: Caller; jws: string };

/** The vault's side of disposals. What it refuses is thrown with its code; no answer is a ServiceCallError. */
export type VaultDisposals = {
  request(
    key: DisposalKey,
    evidence: Evidence,
    batch: { recordIds: readonly string[]; caseId: string },
  ): Promise<void>;
  approve(key: DisposalKey, evidence: Evidence): Promise<void>;
  hold(key: DisposalKey, evidence: Evidence): Promise<void>;
  order(key: DisposalKey): Promise<void>;
  stop(key: DisposalKey): Promise<void>;
  /** Undefined when the vault knows of no such disposal. */
  status(key: DisposalKey): Promise<VaultStatus | undefined>;
  /** What its certificate is made of, as NDJSON lines: a head, then the records in batch order. */
  evidence(key: DisposalKey): AsyncGenerator<Buffer, void, void>;
  /** Has the control log say that this certificate was issued; its index. */
  certified(key: DisposalKey, hash: string): Promise<number>;
};

export function makeVaultDisposals(vault: Pick<ServiceClient, 'json' | 'lines'>): VaultDisposals {
  async function post(path: string, body: object) {
    const call = { deadlineMs: ACT_DEADLINE_MS };
    return answered(await vault.json(`/internal/disposals${path}`, body, call));
  }
  const under = ({ disposalId }: DisposalKey, step: string) => `/${disposalId}/${step}`;
  return {
    request: async ({ tenantId, disposalId }, evidence, batch) => {
      const body = { disposalId, tenantId, ...batch, ...shown(evidence) };
      await post('', body);
    },
    approve: async (key, evidence) =>
      void (await post(under(key, 'approvals'), { tenantId: key.tenantId, ...shown(evidence) })),
    hold: async (key, evidence) =>
      void (await post(under(key, 'holds'), { tenantId: key.tenantId, ...shown(evidence) })),
    order: async (key) => void (await post(under(key, 'order'), { tenantId: key.tenantId })),
    stop: async (key) => void (await post(under(key, 'stop'), { tenantId: key.tenantId })),
    status: async ({ tenantId, disposalId }) => {
      const path = `/internal/disposals/${disposalId}?tenantId=${tenantId}`;
      const answer = await vault.json(path, undefined, { deadlineMs: LOOK_DEADLINE_MS });
      if (answer.status === 404) return undefined;
      return understood(Status, answered(answer));
    },
    evidence: ({ tenantId, disposalId }) => {
      const path = `/internal/disposals/${disposalId}/evidence?tenantId=${tenantId}`;
      return vault.lines(path, { deadlineMs: EVIDENCE_DEADLINE_MS });
    },
    certified: async (key, certificate) => {
      const body = { tenantId: key.tenantId, certificate };
      const answer = await post(under(key, 'certificates'), body);
      return understood(z.object({ index: Count }), answer).index;
    },
  };
}

function shown({ caller, jws }: Evidence) {
  const certificate = caller.certificate.toString('base64');
  return { token: caller.tokenText, certificate, request: jws };
}

function answered({ status, body }: ServiceAnswer): unknown {
  if (status < 300) return body;
  const code: ProblemCode = problemCodeOf(body) ?? 'vault-unavailable';
  const detail = (body as { detail?: unknown } | undefined)?.detail;
  throw new Refusal(code, typeof detail === 'string' ? detail : 'The vault refused.');
}

function understood<T>(schema: z.ZodType<T>, body: unknown): T {
  const result = schema.safeParse(body);
  if (!result.success)
    throw new Refusal('vault-unavailable', 'The vault did not answer in our terms.');
  return result.data;
}
