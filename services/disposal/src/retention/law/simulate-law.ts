import { setImmediate } from 'node:timers/promises';
import type { Law, LegalDay, RecordEvent } from '@mnv/bango-ho';
import { LawError } from '@mnv/bango-ho';
import { ALL_KNOWN } from '../all-known.ts';
import { lifeAsOf } from '../life/compute-lives.ts';
import type { TenantDecisions } from '../life/decided-life.ts';
import { decidedLife } from '../life/decided-life.ts';
import type { KnownRecord } from '../life/history-of.ts';

/** So few that others are answered in between. */
const RECORDS_AT_ONCE = 500;
const MAX_EXAMPLES = 100;

/** One record whose end moves; null where nothing ends it without a person. */
export type MovedRecord = { recordId: string; from: LegalDay | null; to: LegalDay | null };

/** What another version of the law would do to the living records of a tenant. Nothing is changed by asking. */
export type LawSimulation = {
  records: number;
  unchanged: number;
  earlier: number;
  later: number;
  /** Due on the day of asking by the other version and not by this one, and the other way round. */
  dueByIt: number;
  dueNoMore: number;
  /** The other version has no answer for their history: they would be kept. */
  notComputable: number;
  examples: MovedRecord[];
};

export type SimulationDependencies = {
  /** Decisions and events that concern every record. */
  findSurroundings(): Promise<{ decisions: TenantDecisions; ofTenant: readonly RecordEvent[] }>;
  countRecords(): Promise<number>;
  /** Living records behind an id, by their ids. */
  findRecords(after: string | undefined, limit: number): Promise<KnownRecord[]>;
};

type Around = { decisions: TenantDecisions; ofTenant: readonly RecordEvent[] };

/** Goes through every living record; yields how far it is, and the result last. */
export async function* simulateLaw(
  deps: SimulationDependencies,
  { law, current, today }: { law: Law; current: Law; today: LegalDay },
): AsyncGenerator<{ progress: { done: number; of: number } } | { simulation: LawSimulation }> {
  const around = await deps.findSurroundings();
  const of = await deps.countRecords();
  const sum = emptySimulation();
  for await (const known of pagesOf(deps)) {
    for (const one of known) {
      const from = endOf(one, around, current);
      addTo(
        sum,
        { recordId: one.record.recordId, from: from ?? null, to: endOf(one, around, law) },
        today,
      );
    }
    yield { progress: { done: sum.records, of } };
  }
  yield { simulation: sum };
}

/** While one page is worked on the database reads the next. */
async function* pagesOf({ findRecords }: SimulationDependencies): AsyncGenerator<KnownRecord[]> {
  let next = findRecords(undefined, RECORDS_AT_ONCE);
  for (;;) {
    const page = await next;
    const after = page.at(-1)?.record.recordId;
    if (after === undefined) return;
    next = findRecords(after, RECORDS_AT_ONCE);
    next.catch(() => undefined); // awaited above, unless whoever asked went away
    await setImmediate(); // the query leaves before the processor is busy
    yield page;
  }
}

/** The day from which a number may go; null where it may not, undefined where the law has no answer. */
function endOf(known: KnownRecord, around: Around, law: Law): LegalDay | null | undefined {
  try {
    const { number } = lifeAsOf(known, { ...around, asOf: ALL_KNOWN, law });
    return decidedLife(number, around.decisions).deletableFrom;
  } catch (error) {
    if (error instanceof LawError) return undefined;
    throw error;
  }
}

type Compared = { recordId: string; from: LegalDay | null; to: LegalDay | null | undefined };

function addTo(sum: LawSimulation, { recordId, from, to }: Compared, today: LegalDay): void {
  sum.records += 1;
  if (to === undefined) sum.notComputable += 1;
  const moved = { recordId, from, to: to ?? null };
  if (moved.to === from) sum.unchanged += 1;
  else {
    sum[isEarlier(moved) ? 'earlier' : 'later'] += 1;
    if (sum.examples.length < MAX_EXAMPLES) sum.examples.push(moved);
  }
  const [was, is] = [isDue(from, today), isDue(moved.to, today)];
  if (is && !was) sum.dueByIt += 1;
  if (was && !is) sum.dueNoMore += 1;
}

function isEarlier({ from, to }: MovedRecord): boolean {
  return to !== null && (from === null || to < from);
}

function isDue(day: LegalDay | null, today: LegalDay): boolean {
  return day !== null && day <= today;
}

function emptySimulation(): LawSimulation {
  return {
    records: 0,
    unchanged: 0,
    earlier: 0,
    later: 0,
    dueByIt: 0,
    dueNoMore: 0,
    notComputable: 0,
    examples: [],
  };
}
