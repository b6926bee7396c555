import { randomUUID } from 'node:crypto';
import type { EntryDraft, LogIdentity } from './log/log-head.ts';
import type { Appended, Lane } from './log/append-entries.ts';
import { POLICY_VERSION } from './policy/decide.ts';

const WINDOW_MS = 60_000;
const ENTRIES_A_WINDOW = 60;
const MAX_CERTIFICATES = 10_000;

type Window = { endsAt: number; noted: number; suppressed: number };

export type FailedAttempt = { x5t: string; code: string };

/**
 * Notes in the operator's log that a certificate came without a valid token: at most 60 entries a minute for
 * each certificate, then one entry with the number of those left out. A flood cannot fill the log, and cannot
 * hide in it either.
 */
export function makeNoteFailedAttempt(deps: {
  operatorLog: LogIdentity;
  append(log: LogIdentity, drafts: EntryDraft[], lane: Lane): Promise<Appended>;
}): (attempt: FailedAttempt) => Promise<void> {
  const windows = new Map<string, Window>();
  return async ({ x5t, code }) => {
    const now = performance.now();
    const before = windows.get(x5t);
    const window =
      before && now < before.endsAt ? before : { endsAt: now + WINDOW_MS, noted: 0, suppressed: 0 };
    if (windows.size >= MAX_CERTIFICATES) windows.clear();
    windows.set(x5t, window);
    window.noted += 1;
    if (window.noted > ENTRIES_A_WINDOW) {
      window.suppressed += 1;
      return;
    }
    const summary =
      before && before !== window && before.suppressed > 0
        ? [failed(x5t, code, before.suppressed)]
        : [];
    await deps.append(deps.operatorLog, [...summary, failed(x5t, code, 1)], 'interactive');
  };
}

function failed(x5t: string, code: string, count: number): EntryDraft {
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
