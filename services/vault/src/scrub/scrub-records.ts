import { setTimeout as pause } from 'node:timers/promises';
import type { Clock } from '@mnv/core';
import type { BeginInternalAct, InternalAct } from '../internal-act.ts';
import type { Living, LivingNumber } from '../living-number.repository.ts';
import type { Cursor, ScrubPass } from './scrub-pass.repository.ts';

/** One entry of the control log is about so many records at most. */
const PORTION_RECORDS = 5_000;
const PAGE_RECORDS = 250;
const END_OF_TENANT = Number.MAX_SAFE_INTEGER;

export type ScrubDependencies = {
  /** False while another instance does it. */
  hold(): Promise<boolean>;
  findNewestPass(): Promise<ScrubPass | undefined>;
  insertPass(begun: { pass: number; startedAt: number; expected: number }): Promise<void>;
  savePass(pass: ScrubPass): Promise<void>;
  /** In their order, from this one on. */
  tenantsFrom(tenantId: string): Promise<string[]>;
  countLiving(tenantId: string): Promise<Living>;
  readLiving(
    tenantId: string,
    range: { after: number; last: number; limit: number },
  ): Promise<LivingNumber[]>;
  /** Which of these records are living now. */
  findLivingAmong(tenantId: string, recordIds: string[]): Promise<string[]>;
  beginInternalAct: BeginInternalAct;
  reportDamage(damage: { tenantId: string; recordId: string }): void;
  clock: Clock;
  /** How long opening all of them may take. */
  passMs: number;
  /** How far to look ahead: until this is done next. */
  everyMs: number;
  signal: AbortSignal;
};

type Portion = {
  records: { tenantId: string; records: LivingNumber[] }[];
  cursor: Cursor;
  isLast: boolean;
};

/**
 * Opens what is due of all living records, so that every one is opened once a pass: what cannot be opened any
 * more is found while there are backups that can. Goes on where it, or another instance, left off. A crash
 * opens one portion twice.
 * @throws the signal's reason; Refusal `log-unavailable`
 */
export async function scrubRecords(deps: ScrubDependencies): Promise<void> {
  if (!(await deps.hold())) return;
  let pass = await currentPass(deps);
  while (isDue(pass, deps) && (await deps.hold())) {
    pass = await scrubPortion(pass, deps);
    await deps.savePass(pass);
  }
}

/** The unfinished pass; a new one when the time for it has come. */
async function currentPass(deps: ScrubDependencies): Promise<ScrubPass | undefined> {
  const newest = await deps.findNewestPass();
  if (newest?.finishedAt === undefined && newest) return newest;
  const startedAt = deps.clock();
  if (newest && startedAt < newest.startedAt + deps.passMs) return undefined;
  let expected = 0;
  for (const tenantId of await deps.tenantsFrom('')) {
    deps.signal.throwIfAborted();
    expected += (await deps.countLiving(tenantId)).count;
  }
  await deps.insertPass({ pass: (newest?.pass ?? 0) + 1, startedAt, expected });
  return deps.findNewestPass();
}

/** An even pace over the pass: what should be opened by the time of the next look. */
function isDue(pass: ScrubPass | undefined, deps: ScrubDependencies): pass is ScrubPass {
  if (!pass || pass.finishedAt !== undefined) return false;
  const share = (deps.clock() - pass.startedAt + deps.everyMs) / deps.passMs;
  return share >= 1 || pass.opened < pass.expected * share;
}

async function scrubPortion(pass: ScrubPass, deps: ScrubDependencies): Promise<ScrubPass> {
  const { records, cursor, isLast } = await readPortion(pass.cursor, deps);
  const count = records.reduce((sum, one) => sum + one.records.length, 0);
  const act = await deps.beginInternalAct('scrub', count);
  let damaged = 0;
  for (const one of records) damaged += await openAll(one, act, deps);
  return {
    ...pass,
    cursor,
    opened: pass.opened + count,
    damaged: pass.damaged + damaged,
    finishedAt: isLast ? deps.clock() : undefined,
  };
}

async function readPortion(from: Cursor, deps: ScrubDependencies): Promise<Portion> {
  const records: Portion['records'] = [];
  let left = PORTION_RECORDS;
  for (const tenantId of await deps.tenantsFrom(from.tenantId)) {
    deps.signal.throwIfAborted();
    const after = tenantId === from.tenantId ? from.position : -1;
    const range = { after, last: END_OF_TENANT, limit: left };
    const some = await deps.readLiving(tenantId, range);
    if (some.length > 0) records.push({ tenantId, records: some });
    left -= some.length;
    if (left > 0) continue;
    return {
      records,
      cursor: { tenantId, position: some.at(-1)?.position ?? after },
      isLast: false,
    };
  }
  return { records, cursor: from, isLast: true };
}

/** How many of them do not open. Gives the process to others for as long as it took itself. */
async function openAll(
  { tenantId, records }: Portion['records'][number],
  act: InternalAct,
  deps: ScrubDependencies,
): Promise<number> {
  let damaged = 0;
  for (let at = 0; at < records.length; at += PAGE_RECORDS) {
    const started = performance.now();
    const answers = await act.ask(tenantId, records.slice(at, at + PAGE_RECORDS), () => true);
    const unopened = [...answers].flatMap(([recordId, answer]) =>
      answer === 'yes' ? [] : [recordId],
    );
    // A record that was disposed of since it was read has no key, and needs none.
    const lost = unopened.length === 0 ? [] : await deps.findLivingAmong(tenantId, unopened);
    for (const recordId of lost) deps.reportDamage({ tenantId, recordId });
    damaged += lost.length;
    await pause(performance.now() - started, undefined, { signal: deps.signal, ref: false });
  }
  return damaged;
}
