import { randomUUID } from 'node:crypto';
import type { ServiceAnswer } from '@mnv/service-kit';
import type { Tenant } from '../world.ts';
import { until } from './control-log.ts';
import type { RunningVault } from './running-vault.ts';

export type Progress = { state: string; opened: number; of: number };

/** Asks for the tenant's numbers to be made comparable; answers how far that is. */
export async function askForDuplicateCheck(
  vault: RunningVault,
  { tenantId, client }: Pick<Tenant, 'tenantId' | 'client'>,
  token?: string,
): Promise<ServiceAnswer> {
  const evidence = { token: token ?? (await client.token()), certificate: client.certificate };
  return vault.call('/internal/duplicate-check', { ...evidence, tenantId, rid: randomUUID() });
}

/** The same until nothing is built any more. */
export async function untilBuilt(
  vault: RunningVault,
  tenant: Pick<Tenant, 'tenantId' | 'client'>,
): Promise<Progress> {
  return until(async () => {
    const progress = (await askForDuplicateCheck(vault, tenant)).body as Progress;
    return progress.state === 'building' ? undefined : progress;
  });
}
