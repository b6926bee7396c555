import { LawError } from './law-error.ts';
import type { Purpose } from './purpose.ts';
import { isSeason, isWithinSeason } from './season.ts';

/** What a tenant gives up of one purpose. What is not named stays. */
export type PurposeLimits = Partial<
  Pick<Purpose, 'subjects' | 'operations' | 'documents' | 'season'>
>;

export type Narrowing = {
  /** Codes the tenant uses. Without it, all that are on by default. */
  readonly only?: readonly string[];
  readonly limits?: Readonly<Record<string, PurposeLimits>>;
};

/**
 * The purposes a tenant uses. It may name fewer, and less of each; what the list does not have is a
 * LawError `purpose-unknown`, what the law's row does not have `would-widen`. A purpose that is off by
 * default is used only if named in `only`.
 */
export function narrowPurposes(list: readonly Purpose[], narrowing: Narrowing): readonly Purpose[] {
  const { only, limits = {} } = narrowing;
  const unknown = [...(only ?? []), ...Object.keys(limits)].filter(
    (code) => !list.some((row) => row.code === code),
  );
  if (unknown.length > 0) throw new LawError('purpose-unknown', ['a code is not on the list']);
  return list
    .filter((row) => (only === undefined ? row.enabledByDefault : only.includes(row.code)))
    .map((row) => limit(row, Object.hasOwn(limits, row.code) ? (limits[row.code] ?? {}) : {}));
}

function limit(row: Purpose, limits: PurposeLimits): Purpose {
  const widened = [
    ...(isWithin(limits.subjects, row.subjects) ? [] : ['subjects']),
    ...(isWithin(limits.operations, row.operations) ? [] : ['operations']),
    ...(isWithin(limits.documents, row.documents) ? [] : ['documents']),
    ...(isNarrower(limits.season, row.season) ? [] : ['season']),
  ];
  if (widened.length === 0) return Object.freeze({ ...row, ...picked(limits) });
  throw new LawError(
    'would-widen',
    widened.map((member) => `${row.code}: ${member}`),
  );
}

/** Only these four members are taken over, whatever else an object from outside carries. */
function picked({ subjects, operations, documents, season }: PurposeLimits): PurposeLimits {
  const limits = { subjects, operations, documents, season };
  return Object.fromEntries(Object.entries(limits).filter(([, value]) => value !== undefined));
}

function isWithin<T>(part: readonly T[] | undefined, whole: readonly T[]): boolean {
  return part === undefined || part.every((one) => whole.includes(one));
}

function isNarrower(inner: Purpose['season'] | undefined, outer: Purpose['season']): boolean {
  if (inner === undefined) return true;
  return (inner === null || isSeason(inner)) && isWithinSeason(inner, outer);
}
