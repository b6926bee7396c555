import { Refusal } from '@mnv/core';
import type { ProblemCode } from '@mnv/core';

/** What to do about the answers that the vault gives by their code alone. */
const DETAILS: Partial<Record<ProblemCode, string>> = {
  'record-exists':
    'This individualRef and subject have a living record: find it, or have it disposed of.',
  'idempotency-mismatch': 'Send another record under an Idempotency-Key of its own.',
  'already-disposed':
    'Stored under this Idempotency-Key and disposed of since: a new record needs a new key.',
};

/** Why a line was not stored, in words that say what to do. */
export function refusalToStore(
  line: { problem: ProblemCode; detail?: string } | undefined,
): Refusal {
  const code = line?.problem ?? 'vault-unavailable';
  return new Refusal(code, line?.detail ?? DETAILS[code] ?? 'The vault did not store this record.');
}
