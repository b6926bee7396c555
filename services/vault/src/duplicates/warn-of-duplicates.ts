import type { IndividualNumber, StoreWarning } from '@mnv/core';
import type { ChangeNumber } from '../number-change/change-number.ts';
import type { StoreNumbers, StoreRequest } from '../store-numbers.ts';
import type { CheckAllowance } from './check-allowance.ts';
import type { TenantSets } from './tenant-sets.ts';

/** Out of the time a call has: the rest is for storing. */
const WAIT_OF_CHUNK_MS = 3_000;
const WAIT_OF_FEW_MS = 300;
const FEW_LINES = 16;

export type WarnDependencies = {
  sets: Pick<TenantSets, 'open' | 'whenBuilt' | 'add' | 'forgetTenant'>;
  allowance: CheckAllowance;
};

/**
 * Storing, and telling of each line that was stored whether its number is held for another person of the
 * tenant. A batch begins the tenant's set and waits for it, but never so long that it is not stored: what was
 * not compared says so and is left to the nightly sweep. A single record is compared if the set is there.
 */
export function warnOfDuplicates(storeNumbers: StoreNumbers, deps: WarnDependencies): StoreNumbers {
  return async (request) => {
    if (request.route === 'records/batch') await prepare(request, deps);
    const answers = await storeNumbers(request);
    for (const { key, draft } of request.lines) {
      const answer = answers.get(key);
      if (answer === undefined || 'problem' in answer) continue;
      const warning = warningOf(request, draft, deps);
      if (warning) answers.set(key, { ...answer, warning });
    }
    return answers;
  };
}

/** The same of a changed number. After a correction the set is made anew: it holds the mistyped one. */
export function warnOfChange(changeNumber: ChangeNumber, deps: WarnDependencies): ChangeNumber {
  return async (request) => {
    const { tenantId, changedBy: storedBy, change } = request;
    const changed = await changeNumber(request);
    const { individualRef } = changed;
    const number = { individualNumber: change.individualNumber, individualRef };
    const warning = warningOf({ tenantId, storedBy, route: 'number-changes' }, number, deps);
    if (change.reason === 'corrected') deps.sets.forgetTenant(tenantId);
    return { ...changed, ...(warning && { warning }) };
  };
}

async function prepare({ tenantId, lines }: StoreRequest, { sets }: WarnDependencies) {
  if (sets.open(tenantId).state !== 'building') return;
  await sets.whenBuilt(tenantId, lines.length > FEW_LINES ? WAIT_OF_CHUNK_MS : WAIT_OF_FEW_MS);
}

function warningOf(
  { tenantId, storedBy, route }: Pick<StoreRequest, 'tenantId' | 'storedBy' | 'route'>,
  draft: { individualNumber: IndividualNumber; individualRef: string },
  { sets, allowance }: WarnDependencies,
): StoreWarning | undefined {
  // Added whoever stored it, told only within the allowance.
  const isHeld = sets.add(tenantId, draft.individualNumber, draft.individualRef);
  const unknown = route === 'records/batch' ? 'duplicates-not-checked' : undefined;
  if (isHeld === undefined || !allowance.takeLine(tenantId, storedBy)) return unknown;
  if (!isHeld) return undefined;
  allowance.noteWarning(tenantId, storedBy);
  return 'held-for-another-person';
}
