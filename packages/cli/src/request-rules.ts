import type { AccessEntry } from '@mnv/protocol';
import type { Findings } from './log-findings.ts';
import { areRepeats, isRepeat } from './repeats.ts';

/** Judges how the entries of requests stand in a log, one by one; `skip` where entries are missing. */
export type RequestRules = {
  judge(entry: AccessEntry, index: number): void;
  skip(): void;
  /** How many requests have no outcome, once the log is read. */
  finish(): number;
};

/** Intents of one request that stand together, so far. */
type Run = { rid: string; first: number; recs: string[] };

/**
 * The intents of a request stand together, and no outcome precedes them. Whoever holds a signed request can send
 * it again: each sending has its own intents and outcome, of which one at most was released. Such a repeat names
 * the same records in the same order; what does not is a request torn apart. Memory: the record ids of requests
 * without an outcome, and the ids of requests that were repeated.
 */
export function makeRequestRules(findings: Findings): RequestRules {
  const open = new Map<string, string[]>();
  const repeated = new Set<string>();
  let previous: AccessEntry | undefined;
  let run: Run | undefined;
  let gaps = false;

  const judge = (entry: AccessEntry, index: number): void => {
    const goesOn = previous?.k === entry.k && previous.rid === entry.rid;
    if (entry.k !== 'intent' || !goesOn) endRun();
    if (entry.k === 'intent') {
      run ??= { rid: entry.rid, first: index, recs: [] };
      run.recs.push(entry.rec);
    }
    if (entry.k === 'outcome') judgeOutcome(entry, { index, goesOn });
    previous = entry;
  };

  const endRun = (): void => {
    if (run === undefined) return;
    const { rid, first, recs } = run;
    run = undefined;
    const before = open.get(rid);
    open.set(rid, before ?? recs);
    if (before !== undefined || isRepeat(recs)) repeated.add(rid);
    if (before === undefined || gaps || areRepeats(before, recs)) return;
    const detail = 'The entries of one request are not together.';
    findings.add({ code: 'request-split', index: first, detail });
  };

  /** A request has one outcome for all it released, and one more beside it for each record refused. */
  const judgeOutcome = (
    { rid }: AccessEntry,
    { index, goesOn }: { index: number; goesOn: boolean },
  ): void => {
    if (open.delete(rid) || goesOn || repeated.has(rid) || gaps) return;
    const detail = 'No intent of this request precedes.';
    findings.add({ code: 'outcome-without-intent', index, detail });
  };

  /** Entries that could not be read may have been the missing half of any request. */
  const skip = (): void => {
    gaps = true;
    endRun();
    previous = undefined;
  };

  const finish = (): number => {
    endRun();
    return open.size;
  };
  return { judge, skip, finish };
}
