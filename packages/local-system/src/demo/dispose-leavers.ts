import { setTimeout as pause } from 'node:timers/promises';
import { readTrustPolicy } from '@mnv/cli';
import type { Disposal, DisposalBatch } from '@mnv/client';
import { ProblemError } from '@mnv/client';
import { verifyCertificate } from '@mnv/disposal-certificate';
import type { Endpoints } from '../system/endpoints.ts';
import { actingAs } from './acting-as.ts';
import type { RecordedPerson } from './find-records.ts';
import { APPROVERS, OPERATOR, REQUESTER, TENANT } from './parts.ts';

/** How many people leave in the run. */
export const LEAVERS = 20;
const CERTIFIED_WITHIN_MS = 120_000;
const LOOK_EVERY_MS = 500;
const REASON = '退職者。法定の保存期間を満了。';

export type DisposalRun = {
  /** Whose numbers no reader gets any more. */
  disposed: number;
  certificate: { stage: string; verified: boolean };
};

/**
 * People leave: one person asks for the disposal of their numbers, two others approve it, reads are refused from
 * the order on, and an outsider verifies the certificate with the trust policy alone.
 */
export async function disposeLeavers(
  endpoints: Endpoints,
  order: { people: readonly RecordedPerson[]; caseId: string; purposeOf: PurposeOf; say: Say },
): Promise<DisposalRun> {
  const { say } = order;
  const leavers = order.people.slice(0, LEAVERS);
  const batch = await request(endpoints, { leavers, caseId: order.caseId });
  say(`${leavers.length} people leave: ${REQUESTER} asks, ${APPROVERS.join(' and ')} approve`);
  for (const person of APPROVERS)
    await actingAs(endpoints, { person, tenant: TENANT }, async ({ disposals }) => {
      await disposals.recordIds(batch);
      await disposals.approve(batch);
    });
  await asRequester(endpoints, ({ disposals }) => disposals.order(batch));
  const disposed = await countGone(endpoints, { ...order, leavers });
  say(`${disposed} of them read 410 from now on; waiting for keys to be erased everywhere`);
  const jws = await certificateOf(endpoints, batch);
  return { disposed, certificate: await verified(endpoints, jws) };
}

type Say = (text: string) => void;
type PurposeOf = (person: RecordedPerson) => string;

function asRequester<T>(endpoints: Endpoints, work: Parameters<typeof actingAs<T>>[2]): Promise<T> {
  return actingAs(endpoints, { person: REQUESTER, tenant: TENANT }, work);
}

function request(
  endpoints: Endpoints,
  { leavers, caseId }: { leavers: readonly RecordedPerson[]; caseId: string },
): Promise<DisposalBatch> {
  const records = leavers.map(({ recordId, individualRef }) => ({ recordId, individualRef }));
  return asRequester(endpoints, async ({ disposals }) => {
    const batch = await disposals.draft({ caseId, reason: REASON, records });
    await disposals.request(batch);
    return batch;
  });
}

/** Payroll asks for each of them once more, for the purpose it had before. */
function countGone(
  endpoints: Endpoints,
  order: { leavers: readonly RecordedPerson[]; caseId: string; purposeOf: PurposeOf },
): Promise<number> {
  const { leavers, caseId, purposeOf } = order;
  return actingAs(endpoints, { person: OPERATOR, tenant: TENANT }, async (client) => {
    let gone = 0;
    for (const person of leavers) {
      const ask = { recordId: person.recordId, purpose: purposeOf(person), caseId };
      const code = await client.disclose(ask).then(() => undefined, codeOf);
      if (code === 'already-disposed') gone += 1;
    }
    return gone;
  });
}

function codeOf(error: unknown): string {
  if (error instanceof ProblemError) return error.code;
  throw error;
}

async function certificateOf(endpoints: Endpoints, batch: DisposalBatch): Promise<string> {
  const deadline = Date.now() + CERTIFIED_WITHIN_MS;
  return asRequester(endpoints, async ({ disposals }) => {
    let seen: Disposal = await disposals.get(batch.disposalId);
    while (seen.state !== 'certified') {
      if (Date.now() > deadline) throw new Error(`the disposal is still ${seen.state}`);
      await pause(LOOK_EVERY_MS);
      seen = await disposals.get(batch.disposalId);
    }
    return disposals.certificate(batch.disposalId);
  });
}

async function verified(endpoints: Endpoints, jws: string): Promise<DisposalRun['certificate']> {
  const policy = await readTrustPolicy(endpoints.logs.policy);
  const { ok, certificate } = await verifyCertificate(jws, { policy, tenantId: TENANT });
  return { stage: certificate?.stage ?? 'none', verified: ok };
}
