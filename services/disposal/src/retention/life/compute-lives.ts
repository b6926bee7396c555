import { setImmediate } from 'node:timers/promises';
import type { Law, LegalDay, RecordEvent, RecordLife } from '@mnv/bango-ho';
import { LawError, lifeOfRecord } from '@mnv/bango-ho';
import { ALL_KNOWN } from '../all-known.ts';
import type { TenantDecisions } from './decided-life.ts';
import { historyOf } from './history-of.ts';
import type { KnownRecord } from './history-of.ts';
import type { LifeSummary } from './record-summary.ts';
import { NOT_COMPUTABLE, summaryOf } from './record-summary.ts';

const RECORDS_A_STEP = 20_000;
const RECORDS_AT_ONCE = 1_000;

/** One transaction over a tenant, in which no other computes its lives. */
export type LifeStep = {
  takePending(limit: number): Promise<string[]>;
  /** Undefined when no scan of the tenant is under way. */
  takeScanned(limit: number): Promise<string[] | undefined>;
  /** The table in use. */
  findLaw(): Promise<Law>;
  findDecisions(): Promise<TenantDecisions>;
  findTenantEvents(): Promise<RecordEvent[]>;
  findKnownRecords(recordIds: readonly string[]): Promise<KnownRecord[]>;
  writeLives(lives: ReadonlyMap<string, LifeSummary>, law: Law): Promise<void>;
};

export type ComputeDependencies = {
  inStep<T>(tenantId: string, work: (step: LifeStep) => Promise<T>): Promise<T>;
};

/**
 * Computes what changed, in steps that each commit what they took off the queue together with the lives: a
 * runner that dies leaves the rest for the next. Resolves with how many lives were computed.
 */
export async function computeLives(deps: ComputeDependencies, tenantId: string): Promise<number> {
  let computed = 0;
  for (;;) {
    const done = await deps.inStep(tenantId, computeStep);
    if (done === undefined) return computed;
    computed += done;
  }
}

/** Undefined when nothing was left to do. */
async function computeStep(step: LifeStep): Promise<number | undefined> {
  const pending = await step.takePending(RECORDS_A_STEP);
  const recordIds = pending.length > 0 ? pending : await step.takeScanned(RECORDS_A_STEP);
  if (recordIds === undefined) return undefined;
  const law = await step.findLaw();
  const decisions = await step.findDecisions();
  const ofTenant = await step.findTenantEvents();
  return computeInTurn(step, recordIds, { law, decisions, ofTenant });
}

/** While lives are worked out here, the database writes those before and reads those after. */
async function computeInTurn(
  step: LifeStep,
  recordIds: readonly string[],
  around: Around,
): Promise<number> {
  const read = (from: number) =>
    settled(step.findKnownRecords(recordIds.slice(from, from + RECORDS_AT_ONCE)));
  let computed = 0;
  let written = settled(Promise.resolve());
  let next = read(0);
  for (let from = 0; from < recordIds.length; from += RECORDS_AT_ONCE) {
    const known = await next;
    next = read(from + RECORDS_AT_ONCE);
    await setImmediate(); // the query leaves before the processor is busy
    const lives = new Map(known.map((one) => [one.record.recordId, summaryFor(one, around)]));
    await written;
    written = settled(step.writeLives(lives, around.law));
    computed += lives.size;
  }
  await Promise.all([next, written]);
  return computed;
}

/** The same promise; a failure nobody has come to await yet ends nothing but its step. */
function settled<T>(work: Promise<T>): Promise<T> {
  work.catch(() => undefined);
  return work;
}

/** What all lives of a step hang on. */
type Around = { law: Law; decisions: TenantDecisions; ofTenant: readonly RecordEvent[] };

/** A history the law table has no answer for keeps its number, and holds up no other. */
function summaryFor(known: KnownRecord, around: Around): LifeSummary {
  try {
    return summaryOf(lifeAsOf(known, { ...around, asOf: ALL_KNOWN }), around.decisions);
  } catch (error) {
    if (error instanceof LawError) return NOT_COMPUTABLE;
    throw error;
  }
}

/** The life of a record as known on a day, before the tenant’s decisions lift anything. */
export function lifeAsOf(known: KnownRecord, around: Around & { asOf: LegalDay }): RecordLife {
  const { law, decisions, ofTenant, asOf } = around;
  const { usesBook } = decisions;
  return lifeOfRecord(historyOf(known, { ofTenant, usesBook, asOf, book: law.book }), asOf, law);
}
