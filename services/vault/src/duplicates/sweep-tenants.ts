import type { Clock } from '@mnv/core';
import type { SharedNumber } from './duplicate-sweep.repository.ts';
import type { CollectDependencies } from './collect-numbers.ts';
import { collectNumbers } from './collect-numbers.ts';
import { HeldNumbers } from './held-numbers.ts';
import { makeNumberTags } from './number-tags.ts';

/** Numbers compared at a time: 96 MB. More of them take several rounds over all. */
const NUMBERS_A_ROUND = 2_000_000;

export type SweepDependencies = CollectDependencies & {
  isNight(instant: number): boolean;
  /** False while another instance does it. */
  hold(): Promise<boolean>;
  tenants(): Promise<string[]>;
  hasUncompared(tenantId: string): Promise<boolean>;
  sweepsBefore(): Promise<Date>;
  saveSweep(
    tenantId: string,
    found: { storedBefore: Date; compared: number; shared: readonly SharedNumber[] },
  ): Promise<void>;
  /** Tells that a tenant holds numbers for several people: how many records are concerned. */
  reportShared(tenantId: string, count: number): void;
  clock: Clock;
  numbersARound?: number;
  signal: AbortSignal;
};

/**
 * At night, compares all numbers of every tenant that stored some since they were compared last: what two
 * instances stored at once, or an import stored before its set was ready, is found here. A crash begins the
 * tenant anew the same night or the next.
 * @throws the signal's reason; Refusal `log-unavailable`
 */
export async function sweepTenants(deps: SweepDependencies): Promise<void> {
  if (!deps.isNight(deps.clock())) return;
  for (const tenantId of await deps.tenants()) {
    deps.signal.throwIfAborted();
    if (!deps.isNight(deps.clock()) || !(await deps.hold())) return;
    if (await deps.hasUncompared(tenantId)) await sweepTenant(tenantId, deps);
  }
}

async function sweepTenant(tenantId: string, deps: SweepDependencies): Promise<void> {
  const storedBefore = await deps.sweepsBefore();
  const living = await deps.countLiving(tenantId);
  const rounds = Math.ceil(living.count / (deps.numbersARound ?? NUMBERS_A_ROUND));
  const tagsOf = makeNumberTags();
  const shared = new Map<number, Set<number>>();
  for (let round = 0; round < rounds; round += 1) {
    const held = new HeldNumbers(living.count / rounds, {
      tagsOf,
      part: { of: rounds, at: round },
    });
    await collectNumbers(
      {
        tenantId,
        living,
        signal: deps.signal,
        onOpened: () => void deps.hold(),
        question: (number, { individualRef, position }) =>
          noteShared(shared, held.add({ number, individualRef, label: position })),
      },
      deps,
    ).finally(() => held.forget());
  }
  const groups = [...new Set(shared.values())].map((positions) => [...positions]);
  await deps.saveSweep(tenantId, { storedBefore, compared: living.count, shared: groups });
  if (shared.size > 0) deps.reportShared(tenantId, shared.size);
}

/** Joins records that hold one number; whether there were any. */
function noteShared(shared: Map<number, Set<number>>, positions: number[] | undefined): boolean {
  if (!positions) return false;
  const group =
    positions.map((one) => shared.get(one)).find((one) => one !== undefined) ?? new Set();
  for (const position of positions) {
    group.add(position);
    shared.set(position, group);
  }
  return true;
}
