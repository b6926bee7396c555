import type { LegalDay } from '@mnv/bango-ho';
import { Refusal } from '@mnv/core';
import type { Decision } from '../decisions/topic.ts';
import type { PartRecord } from './dry-run.repository.ts';
import type { KeptDryRun } from './dry-run.ts';

/** What a disposal is drafted from. */
export type ReadyRecord = Pick<PartRecord, 'recordId' | 'individualRef'>;

export type PartStep = {
  findDryRun(dryRunId: string): Promise<KeptDryRun | undefined>;
  findDecisions(): Promise<Decision[]>;
  findPart(part: {
    dryRunId: string;
    from: number;
    size: number;
    today: LegalDay;
  }): Promise<PartRecord[]>;
};

/**
 * The records of one part (from 1) of a dry run, as they may be requested today. What changed since it was made
 * makes the part stale as a whole: a batch is what people looked at, or nothing. An early disposal needs the
 * decision of two further persons first.
 * Throws Refusal `not-found`, `dry-run-stale`, `held`, `second-person-required`.
 */
export async function readyPart(
  step: PartStep,
  { dryRunId, part, today }: { dryRunId: string; part: number; today: LegalDay },
): Promise<ReadyRecord[]> {
  const dryRun = await step.findDryRun(dryRunId);
  if (dryRun === undefined || part > dryRun.summary.parts)
    throw new Refusal('not-found', 'There is no such part of a dry run.');
  if (dryRun.until > today)
    throw new Refusal('dry-run-stale', 'The day this dry run looks ahead to has not come yet.');
  if (dryRun.kind === 'early') requireDecided(dryRunId, await step.findDecisions());
  const size = dryRun.summary.partSize;
  const records = await step.findPart({ dryRunId, from: (part - 1) * size, size, today });
  if (records.some(({ held }) => held))
    throw new Refusal('held', 'A legal hold covers a record of this part. Make a new dry run.');
  if (records.some(({ living, due }) => !living || (dryRun.kind === 'due' && !due)))
    throw new Refusal(
      'dry-run-stale',
      'A record of this part is not due any more. Make a new one.',
    );
  return records.map(({ recordId, individualRef }) => ({ recordId, individualRef }));
}

function requireDecided(dryRunId: string, decisions: readonly Decision[]): void {
  const decided = decisions.some(
    ({ topic, value }) => topic === `early/${dryRunId}` && value === 'dispose',
  );
  if (!decided)
    throw new Refusal(
      'second-person-required',
      'An early disposal is decided by two persons first: topic early/DRY-RUN, value dispose.',
    );
}
