import type { LegalDay } from '@mnv/bango-ho';

/** What a night's work came to. */
export type NightlyFacts = { tenants: number; lives: number; overdue: number };

export type NightlyDependencies = {
  listTenants(): Promise<string[]>;
  /** Marks lives that another version of the law computed. */
  enqueueOtherLaw(tenantId: string): Promise<boolean>;
  computeLives(tenantId: string): Promise<number>;
  refreshTasks(tenantId: string): Promise<{ overdue: number }>;
  /** Takes or keeps the lease; false when another runner has it. */
  holdLease(): Promise<boolean>;
  /** The run to begin on a day; undefined when the day has its own already. */
  beginRun(day: LegalDay): Promise<{ attempt: number } | undefined>;
  endRun(
    run: { day: LegalDay; attempt: number },
    end: { outcome: 'done'; facts: NightlyFacts } | { outcome: 'failed' },
  ): Promise<void>;
  reportOverdue(tenantId: string, records: number): void;
  today(): LegalDay;
};

/** The lease went to another runner, who does the rest. */
class Overtaken extends Error {}

/**
 * Once each legal day: computes what changed, opens and closes tasks, and alarms about what is overdue. All of
 * it follows from what is stored, so one run makes up for every day that was missed, and a run that is cut off
 * or overtaken is done again without harm. Resolves with whether anything was done.
 */
export async function runNightly(deps: NightlyDependencies): Promise<boolean> {
  if (!(await deps.holdLease())) return false;
  const day = deps.today();
  const begun = await deps.beginRun(day);
  if (begun === undefined) return false;
  const run = { day, ...begun };
  try {
    await deps.endRun(run, { outcome: 'done', facts: await workThrough(deps) });
    return true;
  } catch (error) {
    await deps.endRun(run, { outcome: 'failed' }).catch(() => undefined);
    if (error instanceof Overtaken) return false;
    throw error;
  }
}

async function workThrough(deps: NightlyDependencies): Promise<NightlyFacts> {
  const tenants = await deps.listTenants();
  const facts = { tenants: tenants.length, lives: 0, overdue: 0 };
  for (const tenantId of tenants) {
    if (!(await deps.holdLease())) throw new Overtaken();
    await deps.enqueueOtherLaw(tenantId);
    facts.lives += await deps.computeLives(tenantId);
    const { overdue } = await deps.refreshTasks(tenantId);
    if (overdue > 0) deps.reportOverdue(tenantId, overdue);
    facts.overdue += overdue;
  }
  return facts;
}
