import { setTimeout as pause } from 'node:timers/promises';
import { readTrustPolicy } from '@mnv/cli';
import type { Disposal, DisposalBatch, RecordToDispose } from '@mnv/client';
import { verifyCertificate } from '@mnv/disposal-certificate';
import type { Endpoints } from '../system/endpoints.ts';
import { actingAs } from './acting-as.ts';
import { APPROVERS, REQUESTER, TENANT } from './parts.ts';

const CERTIFIED_WITHIN_MS = 120_000;
const LOOK_EVERY_MS = 500;

export function asRequester<T>(
  endpoints: Endpoints,
  work: Parameters<typeof actingAs<T>>[2],
): Promise<T> {
  return actingAs(endpoints, { person: REQUESTER, tenant: TENANT }, work);
}

/** One person asks for the disposal of these records, two others look at the batch and approve it, one orders it. */
export async function carryOutDisposal(
  endpoints: Endpoints,
  order: { records: readonly RecordToDispose[]; caseId: string; reason: string },
): Promise<DisposalBatch> {
  const batch = await asRequester(endpoints, async ({ disposals }) => {
    const drafted = await disposals.draft(order);
    await disposals.request(drafted);
    return drafted;
  });
  for (const person of APPROVERS)
    await actingAs(endpoints, { person, tenant: TENANT }, async ({ disposals }) => {
      await disposals.recordIds(batch);
      await disposals.approve(batch);
    });
  await asRequester(endpoints, ({ disposals }) => disposals.order(batch));
  return batch;
}

/** Waits until the disposal is certified, and fetches its certificate. */
export async function certificateOf(endpoints: Endpoints, batch: DisposalBatch): Promise<string> {
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

/** As an outsider with the trust policy alone. */
export async function verifiedCertificate(
  endpoints: Endpoints,
  jws: string,
): Promise<{ stage: string; verified: boolean }> {
  const policy = await readTrustPolicy(endpoints.logs.policy);
  const { ok, certificate } = await verifyCertificate(jws, { policy, tenantId: TENANT });
  return { stage: certificate?.stage ?? 'none', verified: ok };
}
