import type { LegalDay } from '@mnv/bango-ho';
import { lifeOfRecord } from '@mnv/bango-ho';
import { ALL_KNOWN } from '../all-known.ts';
import type { TenantDecisions } from './decided-life.ts';
import { historyOf } from './history-of.ts';
import type { KnownRecord } from './history-of.ts';
import type { LifeSummary } from './record-summary.ts';
import { summaryOf } from './record-summary.ts';

const RECORDS_A_STEP = 5_000;

/** One transaction over a tenant, in which no other computes its lives. */
export type LifeStep = {
  takePending(limit: number): Promise<string[]>;
  /** Undefined when no scan of the tenant is under way. */
  takeScanned(limit: number): Promise<string[] | undefined>;
  findDecisions(): Promise<TenantDecisions>;
  findKnownRecords(recordIds: readonly string[]): Promise<KnownRecord[]>;
  writeLives(lives: ReadonlyMap<string, LifeSummary>): Promise<void>;
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
  const decisions = await step.findDecisions();
  const known = await step.findKnownRecords(recordIds);
  const lives = new Map(
    known.map((one) => [
      one.record.recordId,
      summaryOf(lifeAsOf(one, decisions, ALL_KNOWN), decisions),
    ]),
  );
  if (lives.size > 0) await step.writeLives(lives);
  return lives.size;
}

/** The life of a record as known on a day, before the tenant’s decisions lift anything. */
export function lifeAsOf(
  { record, events }: KnownRecord,
  { usesBook }: TenantDecisions,
  asOf: LegalDay,
) {
  return lifeOfRecord(historyOf(record, events, { usesBook, asOf }), asOf);
}
