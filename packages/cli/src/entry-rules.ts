import { decodeEntry } from '@mnv/protocol';
import type { AccessEntry } from '@mnv/protocol';
import type { Findings } from './log-findings.ts';
import { makeRequestRules } from './request-rules.ts';

/** What the entries of a log amount to. */
export type EntryTally = {
  /** By kind, or in a control log by operation. */
  kinds: Record<string, number>;
  firstAt: number | undefined;
  lastAt: number | undefined;
  /** Requests whose numbers may have been released although no outcome follows. */
  requestsWithoutOutcome: number;
};

/** Judges the entries of a log one by one, in its order; `skip` where entries are missing. */
export type EntryRules = {
  judge(bytes: Uint8Array, index: number): void;
  skip(): void;
  tally(): EntryTally;
};

/**
 * The rules of an access log: exact form, a clock that never goes back, one tenant a log, and those of requests.
 * `onEntry` is told of each sound one.
 */
export function makeEntryRules(
  findings: Findings,
  onEntry?: (entry: AccessEntry, index: number) => void,
): EntryRules {
  const kinds = { intent: 0, outcome: 0, deny: 0, act: 0 };
  const requests = makeRequestRules(findings);
  let previous: AccessEntry | undefined;
  let firstAt: number | undefined;
  let lastAt: number | undefined;

  const judge = (bytes: Uint8Array, index: number): void => {
    const entry = decodedOrFound(bytes, index, findings);
    if (entry === undefined) return;
    kinds[entry.k] += 1;
    firstAt ??= entry.t;
    for (const code of followsBadly(entry, previous)) {
      findings.add({ code, index, detail: MEANING[code] });
    }
    requests.judge(entry, index);
    onEntry?.(entry, index);
    previous = entry;
    lastAt = entry.t;
  };

  const skip = (): void => {
    previous = undefined;
    requests.skip();
  };

  const tally = (): EntryTally => ({
    kinds,
    firstAt,
    lastAt,
    requestsWithoutOutcome: requests.finish(),
  });
  return { judge, skip, tally };
}

const MEANING = {
  'clock-went-back': 'The entry is older than the one before it.',
  'tenants-mixed': 'The entry is of another tenant than the one before it.',
} as const;

function followsBadly(
  entry: AccessEntry,
  previous: AccessEntry | undefined,
): (keyof typeof MEANING)[] {
  if (previous === undefined) return [];
  return [
    ...(entry.t < previous.t ? (['clock-went-back'] as const) : []),
    ...(entry.ten !== previous.ten ? (['tenants-mixed'] as const) : []),
  ];
}

function decodedOrFound(
  bytes: Uint8Array,
  index: number,
  findings: Findings,
): AccessEntry | undefined {
  try {
    return decodeEntry(bytes);
  } catch {
    findings.add({
      code: 'entry-malformed',
      index,
      detail: 'It is not an entry in its one exact form.',
    });
    return undefined;
  }
}
