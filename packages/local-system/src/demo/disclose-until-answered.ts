import { type BatchDisclosure, BatchStoppedError, type Client, ProblemError } from '@mnv/client';
import type { DiscloseAllOptions, RequestReceipt } from '@mnv/client';
import { setTimeout as pause } from 'node:timers/promises';

const ROUNDS = 8;
const FIRST_PAUSE_MS = 250;

/**
 * Discloses all of these records, asking again for those whose answer or receipt was lost, or that the vault
 * could not answer. Such a number may have been released already: payroll needs it with its evidence, so it
 * accepts a second entry. What was refused for a reason is not asked for again.
 */
export async function discloseUntilAnswered(
  client: Client,
  recordIds: readonly string[],
  options: DiscloseAllOptions,
): Promise<Map<string, BatchDisclosure>> {
  const answers = new Map<string, BatchDisclosure>();
  const proven = new Set<string>();
  const onReceipt = async (receipt: RequestReceipt) => {
    for (const recordId of receipt.recordIds) proven.add(recordId);
    await options.onReceipt?.(receipt);
  };
  let left = [...recordIds];
  for (let round = 1; left.length > 0 && round <= ROUNDS; round += 1) {
    if (round > 1) await pause(FIRST_PAUSE_MS * 2 ** (round - 2));
    await oneRound(client, left, { options: { ...options, onReceipt }, answers });
    left = left.filter((recordId) => isOpen(answers.get(recordId), proven.has(recordId)));
  }
  return answers;
}

async function oneRound(
  client: Client,
  recordIds: readonly string[],
  { options, answers }: { options: DiscloseAllOptions; answers: Map<string, BatchDisclosure> },
): Promise<void> {
  try {
    for await (const one of client.discloseAll(recordIds, options)) answers.set(one.recordId, one);
  } catch (error) {
    if (!(error instanceof BatchStoppedError) || !isPassing(error.cause)) throw error;
  }
}

function isOpen(answer: BatchDisclosure | undefined, isProven: boolean): boolean {
  if (answer === undefined) return true;
  return 'problem' in answer ? isPassingStatus(answer.problem.status) : !isProven;
}

function isPassing(cause: unknown): boolean {
  if (cause instanceof ProblemError) return isPassingStatus(cause.status);
  const code = (cause as { code?: unknown } | null)?.code;
  return code === 'unreachable' || code === 'outcome-unknown';
}

/** 0 stands for an answer that was lost. */
function isPassingStatus(status: number): boolean {
  return status === 0 || status === 429 || status === 503;
}
