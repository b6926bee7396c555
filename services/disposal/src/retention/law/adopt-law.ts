import type { LegalDay } from '@mnv/bango-ho';
import { Refusal } from '@mnv/core';
import { daysBefore } from '../due/policy.ts';
import type { NamedLaw } from './law-in-use.ts';
import type { LawSimulation } from './simulate-law.ts';

/** Records come and go: what a table does to them is looked at anew after so many days. */
const SIMULATION_DAYS = 14;

/** What a table would do, as it was looked at. `digest` is over the result. */
export type KeptSimulation = {
  simulationId: string;
  table: string;
  version: LegalDay;
  /** Digest of the table in use when it was made. */
  inUse: string;
  digest: string;
  madeOn: LegalDay;
  madeBy: string;
  simulation: LawSimulation;
};

/** A proposal to adopt a table, and what became of it. The first of a tenant has no people. */
export type KeptAdoption = {
  adoptionId: string;
  table: string;
  version: LegalDay;
  simulationId: string | null;
  from: LegalDay;
  reason: string | null;
  proposedBy: string | null;
  proposedAt: string;
  confirmedBy: string | null;
  /** The first day it is in use. */
  effectiveOn: LegalDay | null;
};

/** One transaction in which nobody else signs for the tenant. */
export type AdoptionStep = {
  findSimulation(simulationId: string): Promise<KeptSimulation | undefined>;
  findLawInUse(): Promise<NamedLaw>;
  /** The latest version that was signed off, in use or not yet. */
  latestSigned(): Promise<LegalDay>;
  insertProposal(proposal: {
    adoptionId: string;
    table: string;
    simulationId: string;
    from: LegalDay;
    reason: string;
    proposedBy: string;
  }): Promise<void>;
  findAdoption(adoptionId: string): Promise<KeptAdoption | undefined>;
  confirm(adoptionId: string, confirmedBy: string, effectiveOn: LegalDay): Promise<void>;
};

/**
 * The first of two persons proposes to compute by a table from a day on, after looking at what it would do.
 * Throws Refusal `not-found`, `invalid-request`, `simulation-stale`, `law-conflict`.
 */
export async function proposeAdoption(
  step: AdoptionStep,
  proposal: {
    adoptionId: string;
    simulationId: string;
    from: LegalDay;
    reason: string;
    person: string;
    today: LegalDay;
  },
): Promise<void> {
  const { adoptionId, simulationId, from, reason, person: proposedBy, today } = proposal;
  if (from < today)
    throw new Refusal('invalid-request', 'from: what was computed on past days stays as it was.');
  const { table } = await requireSimulation(step, simulationId, today);
  await step.insertProposal({ adoptionId, table, simulationId, from, reason, proposedBy });
}

/**
 * The second person signs the same table and the same simulation, named by their digests. From the day proposed
 * on, or from today where that has passed, the tenant computes by it.
 * Throws Refusal as {@link proposeAdoption}, and `second-person-required`, `decision-made`, `batch-mismatch`.
 */
export async function confirmAdoption(
  step: AdoptionStep,
  signed: {
    adoptionId: string;
    table: string;
    simulation: string;
    person: string;
    today: LegalDay;
  },
): Promise<void> {
  const proposal = await step.findAdoption(signed.adoptionId);
  if (proposal === undefined || proposal.simulationId === null)
    throw new Refusal('not-found', 'There is no such proposal.');
  if (proposal.proposedBy === signed.person)
    throw new Refusal('second-person-required', 'Another person than the proposer has to confirm.');
  if (proposal.confirmedBy === signed.person) return;
  if (proposal.confirmedBy !== null)
    throw new Refusal('decision-made', 'Another person has confirmed it already.');
  const looked = await requireSimulation(step, proposal.simulationId, signed.today);
  if (looked.table !== signed.table || looked.digest !== signed.simulation)
    throw new Refusal('batch-mismatch', 'Name the table and the simulation of this proposal.');
  const effectiveOn = proposal.from > signed.today ? proposal.from : signed.today;
  await step.confirm(signed.adoptionId, signed.person, effectiveOn);
}

/** A simulation that still says what would happen. */
async function requireSimulation(
  step: AdoptionStep,
  simulationId: string,
  today: LegalDay,
): Promise<KeptSimulation> {
  const found = await step.findSimulation(simulationId);
  if (found === undefined) throw new Refusal('not-found', 'There is no such simulation.');
  const { digest } = await step.findLawInUse();
  if (found.inUse !== digest || found.madeOn < daysBefore(today, SIMULATION_DAYS))
    throw new Refusal(
      'simulation-stale',
      'It is older than 14 days, or another table is in use since. Simulate it anew.',
    );
  if (found.version <= (await step.latestSigned()))
    throw new Refusal('law-conflict', 'A table of this version or a later one was signed off.');
  return found;
}
