import { abortEpoch, destroyUnused } from './abort-epoch.ts';
import { announce, makeRoot, passNoReturn, proveLive } from './begin-epoch.ts';
import { fenceOff, recordDone, recordFlip } from './conclude-epoch.ts';
import type { EpochDependencies } from './epoch-dependencies.ts';
import type { EpochJob, EpochState } from './epoch-job.ts';
import { EpochLost } from './epoch-job.ts';
import { eraseKeys } from './erase-keys.ts';
import { planEpoch } from './plan-epoch.ts';

/**
 * Takes epochs as far as they go and returns: until nothing waits, or an instance has to be waited for. What is
 * next is read from what is durable, so it may be called again after any failure, on any instance; the caller
 * sees to it that nobody else runs, and the fence that one who still does writes nothing.
 */
export async function runEpochs(deps: EpochDependencies, isStopping: () => boolean): Promise<void> {
  while (!isStopping()) {
    const job = await deps.takeOpenJob();
    if (job === undefined) {
      if (!(await planEpoch(deps))) break;
    } else if (!(await takeStep(job, deps, isStopping))) return;
  }
}

/** One step. False when there is nothing to do but wait. */
async function takeStep(
  job: EpochJob,
  deps: EpochDependencies,
  isStopping: () => boolean,
): Promise<boolean> {
  try {
    return await step(job, deps, isStopping);
  } catch (error) {
    if (!(error instanceof EpochLost)) throw error;
    // A hold or stop turned the job to aborting between two looks at it; or another runner has it now.
    const now = await deps.findJob(job.epoch);
    // The abort was over before this runner, who had lost his lock, made the root version.
    if (now?.state === 'aborted') await destroyUnused(job, deps);
    return now?.fence === job.fence;
  }
}

async function step(
  job: EpochJob,
  deps: EpochDependencies,
  isStopping: () => boolean,
): Promise<boolean> {
  return (await STEPS[job.state](job, deps, isStopping)) !== undefined;
}

/** What a state's step leaves: the job as it is then, or undefined when it has to be waited for. */
type Step = (
  job: EpochJob,
  deps: EpochDependencies,
  isStopping: () => boolean,
) => Promise<EpochJob | undefined>;

const STEPS: Record<EpochState, Step> = {
  planned: proveLive,
  proved: announce,
  intent: makeRoot,
  rooted: passNoReturn,
  rekeying: eraseKeys,
  flipped: (job, deps) =>
    job.flippedIndex === undefined ? recordFlip(job, deps) : fenceOff(job, deps),
  fenced: recordDone,
  aborting: abortEpoch,
  done: (job) => Promise.resolve(job),
  aborted: (job) => Promise.resolve(job),
};
