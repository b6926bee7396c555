import type { Logger, Repeated } from '@mnv/service-kit';
import { repeatedly, safeFacts } from '@mnv/service-kit';

const LOOK_EVERY_MS = 1_000;
const TRY_AGAIN_MS = 5_000;

export type CurrentLivesDependencies = {
  listTenants(): Promise<string[]>;
  computeLives(tenantId: string): Promise<number>;
  refreshTasks(tenantId: string): Promise<{ overdue: number }>;
};

/** Computes what changed, tenant by tenant, and lets people know what waits for them. */
export async function computeChanged(deps: CurrentLivesDependencies): Promise<number> {
  let computed = 0;
  for (const tenantId of await deps.listTenants()) {
    const lives = await deps.computeLives(tenantId);
    if (lives > 0) await deps.refreshTasks(tenantId);
    computed += lives;
  }
  return computed;
}

/** Keeps the lives current; not started. */
export function keepLivesCurrent(deps: CurrentLivesDependencies & { log: Logger }): Repeated {
  return repeatedly(async () => void (await computeChanged(deps)), {
    everyMs: LOOK_EVERY_MS,
    tryAgainMs: TRY_AGAIN_MS,
    onFault: (error) => deps.log.warn('lives not computed', safeFacts(error)),
  });
}
