import { LOG_FAULT_TEXTS, controlAutomaton } from '@mnv/disposal-certificate';
import { decodeControlEntry } from '@mnv/protocol';
import type { ControlEntry } from '@mnv/protocol';
import type { EntryRules } from './entry-rules.ts';
import type { Findings } from './log-findings.ts';

const FIRST = 'root.created';
const CONTROL_ORIGIN = /^[a-z][a-z0-9.-]{0,62}\/control$/;

/** Whether the origin of an accepted checkpoint is a control log's: `<deployment>/control`. */
export function isControlOrigin(origin: string): boolean {
  return CONTROL_ORIGIN.test(origin);
}

/**
 * The rules of a control log: exact form, a clock that never goes back, a root version before anything else, the
 * life of roots, epochs and batches as it must be told, and no access log with two roots for its newest size.
 * Memory: one head for each access log, and what is known of each root and batch.
 */
export function makeControlEntryRules(findings: Findings): EntryRules {
  const kinds: Record<string, number> = {};
  const seen = new Map<string, { size: number; root: string }>();
  const automaton = controlAutomaton((code, index) =>
    findings.add({ code, index, detail: LOG_FAULT_TEXTS[code].en }),
  );
  let firstAt: number | undefined;
  let lastAt: number | undefined;

  const judge = (bytes: Uint8Array, index: number): void => {
    const entry = decoded(bytes);
    if (!entry) {
      const detail = 'It is not a control entry in its one exact form.';
      findings.add({ code: 'entry-malformed', index, detail });
      return;
    }
    kinds[entry.op] = (kinds[entry.op] ?? 0) + 1;
    if (lastAt !== undefined && entry.t < lastAt) {
      const detail = 'The entry is older than the one before it.';
      findings.add({ code: 'clock-went-back', index, detail });
    }
    if (index === 0 && entry.op !== FIRST) {
      const detail = 'A control log begins with the root version in use.';
      findings.add({ code: 'root-missing', index, detail });
    }
    automaton.judge(entry, index);
    if (entry.op === 'checkpoint.seen') judgeSeen(entry, index);
    firstAt ??= entry.t;
    lastAt = entry.t;
  };

  /** Two instances may record the same twice, or the larger one first. */
  const judgeSeen = (
    { origin, size, root }: Extract<ControlEntry, { op: 'checkpoint.seen' }>,
    index: number,
  ): void => {
    const newest = seen.get(origin);
    if (newest?.size === size && newest.root !== root) {
      const detail = 'An access log was seen with two roots for one size.';
      findings.add({ code: 'seen-contradicted', index, detail });
    }
    if (!newest || newest.size < size) seen.set(origin, { size, root });
  };

  return {
    judge,
    skip: () => undefined,
    tally: () => ({ kinds, firstAt, lastAt, requestsWithoutOutcome: 0 }),
  };
}

function decoded(bytes: Uint8Array): ControlEntry | undefined {
  try {
    return decodeControlEntry(bytes);
  } catch {
    return undefined;
  }
}
