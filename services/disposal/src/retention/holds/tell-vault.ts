import { problemCodeOf, repeatedly, safeFacts } from '@mnv/service-kit';
import type { Logger, Repeated, ServiceClient } from '@mnv/service-kit';

const DEADLINE_MS = 1_500;
const EVERY_MS = 60_000;
const TRY_AGAIN_MS = 10_000;
/** Of a hundred individuals each. */
const LIVING_A_CALL = 5;
const LIFTED_A_CALL = 500;

/** Every hold of a tenant as the vault needs it; without individuals one covers the whole tenant. */
export type HoldsToTell = {
  living: { holdId: string; individuals?: string[] }[];
  lifted: string[];
};

export type TellDependencies = {
  listTenants(): Promise<string[]>;
  holdsToTell(tenantId: string): Promise<HoldsToTell>;
  vault: Pick<ServiceClient, 'json'>;
};

/**
 * Tells the vault of the holds of a tenant, so that it keeps the copies of identity documents they cover. False
 * where it knows no such tenant: there is nothing of it to keep.
 * @throws Error when the vault did not take them
 */
export async function tellOfTenant(deps: TellDependencies, tenantId: string): Promise<boolean> {
  const { living, lifted } = await deps.holdsToTell(tenantId);
  const calls = Math.max(living.length / LIVING_A_CALL, lifted.length / LIFTED_A_CALL);
  for (let at = 0; at < calls; at += 1) {
    const body = {
      tenantId,
      living: living.slice(at * LIVING_A_CALL, (at + 1) * LIVING_A_CALL),
      lifted: lifted.slice(at * LIFTED_A_CALL, (at + 1) * LIFTED_A_CALL),
    };
    if (!(await told(deps, '/internal/legal-holds', body))) return false;
  }
  return true;
}

/**
 * Tells of everything there is, and that it was everything: a vault that was put back to an older state learns
 * again what it has forgotten, and purges nothing before.
 */
export async function tellOfAll(deps: TellDependencies): Promise<void> {
  for (const tenantId of await deps.listTenants()) await tellOfTenant(deps, tenantId);
  await told(deps, '/internal/legal-holds/all', { complete: true });
}

async function told(
  { vault }: TellDependencies,
  path: string,
  body: HoldsToTell | object,
): Promise<boolean> {
  const answer = await vault.json(path, body, { deadlineMs: DEADLINE_MS });
  if (answer.status === 200) return true;
  if (answer.status === 404 && problemCodeOf(answer.body) === 'not-found') return false;
  throw new Error('the vault did not take the legal holds');
}

/** Tells of everything every minute; not started. */
export function tellingHolds(deps: TellDependencies & { log: Logger }): Repeated {
  return repeatedly(() => tellOfAll(deps), {
    everyMs: EVERY_MS,
    tryAgainMs: TRY_AGAIN_MS,
    onFault: (error) => deps.log.warn('legal holds not told to the vault', safeFacts(error)),
  });
}
