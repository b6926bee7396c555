import type { EpochJob } from '../epoch/epoch-job.ts';
import type { DisposalDependencies, NamedDisposal } from './disposal-dependencies.ts';
import type { Disposal, DisposalAct, DisposalState } from './disposal.ts';
import { requireDisposal } from './require-disposal.ts';

/** Places of an epoch's entries in the control log, as far as it has come. */
export type EpochIndices = {
  intent?: number;
  rootCreated?: number;
  flipped?: number;
  fenced?: number;
  erased?: number;
};

export type ShownDisposal = {
  disposalId: string;
  batchHash: string;
  count: number;
  state: DisposalState;
  held: boolean;
  approvals: number;
  epoch?: number;
  progress?: { erased: number; of: number };
  indices: EpochIndices & { requested: number; approved: number[]; held: number[] };
};

export type ShowDisposal = (named: NamedDisposal) => Promise<ShownDisposal>;

export type ShowDependencies = Pick<DisposalDependencies, 'findDisposal' | 'findActs'> & {
  countErased(named: NamedDisposal): Promise<number>;
  findJob(epoch: number): Promise<EpochJob | undefined>;
};

/** Where a batch stands. Names no person and no record. Throws Refusal `not-found`. */
export function makeShowDisposal(deps: ShowDependencies): ShowDisposal {
  return async (named) => {
    const disposal = await requireDisposal(named, deps);
    const acts = await deps.findActs(named);
    const { disposalId, batchHash, count, state, held, epoch } = disposal;
    return {
      disposalId,
      batchHash,
      count,
      state,
      held,
      approvals: placesOf(acts, 'approved').length,
      ...(epoch !== undefined && { epoch, ...(await progressOf(disposal, deps)) }),
      indices: {
        requested: placesOf(acts, 'requested')[0] ?? 0,
        approved: placesOf(acts, 'approved'),
        held: placesOf(acts, 'held'),
        ...(epoch !== undefined && indicesOf(await deps.findJob(epoch))),
      },
    };
  };
}

function placesOf(acts: DisposalAct[], kind: DisposalAct['kind']): number[] {
  return acts.filter((act) => act.kind === kind && !act.void).map((act) => act.index);
}

async function progressOf({ state, ...disposal }: Disposal, deps: ShowDependencies) {
  if (state === 'frozen' || state === 'intent') return {};
  return { progress: { erased: await deps.countErased(disposal), of: disposal.count } };
}

function indicesOf(job: EpochJob | undefined): EpochIndices {
  const named = {
    intent: job?.intentIndex,
    rootCreated: job?.rootIndex,
    flipped: job?.flippedIndex,
    fenced: job?.fencedIndex,
    erased: job?.doneIndex,
  };
  return Object.fromEntries(Object.entries(named).filter(([, index]) => index !== undefined));
}
