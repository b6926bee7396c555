import type { Law, LegalDay } from '@mnv/bango-ho';
import { Refusal } from '@mnv/core';
import type { Topic } from './topic.ts';
import { isAnswer } from './topic.ts';

/** A proposal, and what became of it. */
export type KeptDecision = {
  decisionId: string;
  topic: Topic;
  value: string;
  reason: string;
  proposedBy: string;
  proposedAt: string;
  confirmedBy: string | null;
  decidedOn: LegalDay | null;
};

export type DecisionStep = {
  /** The table in use. */
  findLaw(): Promise<Law>;
  insertProposal(proposal: {
    decisionId: string;
    topic: Topic;
    value: string;
    reason: string;
    proposedBy: string;
  }): Promise<void>;
  /** Locks it. */
  findDecision(decisionId: string): Promise<KeptDecision | undefined>;
  confirm(decisionId: string, confirmedBy: string, today: LegalDay): Promise<void>;
  /** Every life of the tenant may be another now. */
  enqueueTenant(): Promise<void>;
};

/** The first of two persons proposes. Throws Refusal `invalid-request`. */
export async function proposeDecision(
  step: DecisionStep,
  proposal: Parameters<DecisionStep['insertProposal']>[0],
): Promise<void> {
  if (!isAnswer(proposal.topic, proposal.value, await step.findLaw()))
    throw new Refusal(
      'invalid-request',
      'Mend: topic and value; a value is one of the topic’s answers.',
    );
  await step.insertProposal(proposal);
}

/**
 * The second person confirms; from now on it counts. The same person again is refused, the same confirmation
 * again changes nothing. Throws Refusal `not-found`, `second-person-required`, `decision-made`.
 */
export async function confirmDecision(
  step: DecisionStep,
  { decisionId, person, today }: { decisionId: string; person: string; today: LegalDay },
): Promise<void> {
  const proposal = await step.findDecision(decisionId);
  if (proposal === undefined) throw new Refusal('not-found', 'There is no such proposal.');
  if (proposal.proposedBy === person)
    throw new Refusal('second-person-required', 'Another person than the proposer has to confirm.');
  if (proposal.confirmedBy === person) return;
  if (proposal.confirmedBy !== null)
    throw new Refusal('decision-made', 'Another person has confirmed it already.');
  await step.confirm(decisionId, person, today);
  await step.enqueueTenant();
}
