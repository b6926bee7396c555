import { randomUUID } from 'node:crypto';
import type { EntryDraft, LogIdentity } from './log/log-head.ts';
import type { Appended, Lane } from './log/append-entries.ts';
import { POLICY_VERSION } from './policy/decide.ts';

const WINDOW_MS = 60_000;
const ENTRIES_A_WINDOW = 60;

/** What happened in the minute since the first attempt of a certificate. */
type Window = { noted: number; suppressed: number };

export type FailedAttempt = { x5t: string; code: string };

export type NoteFailedAttemptDependencies = {
  operatorLog: LogIdentity;
  append(log: LogIdentity, drafts: EntryDraft[], lane: Lane): Promise<Appended>;
  /** Told when the summary of a minute was not stored. */
  reportLost(error: unknown): void;
};

/**
 * Notes in the operator's log that a certificate came without a valid token: at most 60 entries a minute for
 * each certificate, then one with the number of those left out. A flood cannot fill the log, and cannot hide
 * in it either.
 */
export function makeNoteFailedAttempt(
  deps: NoteFailedAttemptDependencies,
): (attempt: FailedAttempt) => Promise<void> {
  const windows = new Map<string, Window>();

  function openWindow({ x5t, code }: FailedAttempt): Window {
    const window = { noted: 0, suppressed: 0 };
    windows.set(x5t, window);
    setTimeout(() => {
      windows.delete(x5t);
      if (window.suppressed > 0) summarise(failed({ x5t, code }, window.suppressed));
    }, WINDOW_MS).unref();
    return window;
  }

  function summarise(summary: EntryDraft): void {
    deps.append(deps.operatorLog, [summary], 'bulk').catch(deps.reportLost);
  }

  return async (attempt) => {
    const window = windows.get(attempt.x5t) ?? openWindow(attempt);
    if (window.noted >= ENTRIES_A_WINDOW) {
      window.suppressed += 1;
      return;
    }
    window.noted += 1;
    await deps.append(deps.operatorLog, [failed(attempt, 1)], 'interactive');
  };
}

function failed({ x5t, code }: FailedAttempt, count: number): EntryDraft {
  return {
    k: 'deny',
    rid: randomUUID(),
    ten: 'operator',
    rec: '',
    op: 'authenticate',
    iss: '',
    sub: '',
    act: '',
    x5t,
    tok: '',
    rqh: '',
    pur: '',
    case: '',
    pol: POLICY_VERSION,
    dec: `deny:${code}`,
    cnt: count,
  };
}
