import { setTimeout as pause } from 'node:timers/promises';
import type { BeginInternalAct, InternalQuestion } from '../internal-act.ts';
import type { Living, LivingNumber } from '../living-number.repository.ts';

const PAGE_RECORDS = 250;

export type CollectDependencies = {
  countLiving(tenantId: string): Promise<Living>;
  readLiving(
    tenantId: string,
    range: { after: number; last: number; limit: number },
  ): Promise<LivingNumber[]>;
  beginInternalAct: BeginInternalAct;
};

export type Collecting = {
  tenantId: string;
  living: Living;
  question: InternalQuestion<LivingNumber>;
  onOpened?(opened: number): void;
  /** Ends it early, without a fault of its own. */
  signal: AbortSignal;
};

/**
 * Opens every number of a tenant that was living when they were counted, as one internal act, and asks the
 * question of each. Gives the process to others for as long as it took itself, page by page.
 * @throws the signal's reason; Refusal `log-unavailable`
 */
export async function collectNumbers(
  { tenantId, living, question, onOpened, signal }: Collecting,
  deps: CollectDependencies,
): Promise<void> {
  const act = await deps.beginInternalAct('duplicate-check', living.count);
  let after = -1;
  for (let opened = 0; opened < living.count; ) {
    signal.throwIfAborted();
    const started = performance.now();
    // Positions below the last may be filled meanwhile: those records belong to whoever stores them.
    const limit = Math.min(PAGE_RECORDS, living.count - opened);
    const page = await deps.readLiving(tenantId, { after, last: living.last, limit });
    if (page.length === 0) return;
    // A number that was mistyped is nobody's here: who really holds it is no duplicate.
    const held = page.filter(({ isMistyped }) => !isMistyped);
    await act.ask(tenantId, held, question);
    after = page.at(-1)?.position ?? after;
    opened += page.length;
    onOpened?.(opened);
    await pause(performance.now() - started, undefined, { signal, ref: false });
  }
}
