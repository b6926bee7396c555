import type { JsonContext } from './json-call.ts';
import { jsonCall } from './json-call.ts';
import { TransportError } from './transport-error.ts';

/** Numbers that a tenant holds for several people. */
export type Duplicates = {
  /** Records stored before this (RFC 3339) were compared; undefined before the first sweep. */
  comparedBefore: string | undefined;
  /** How many records were compared. */
  compared: number;
  /** Record ids, those that hold one number together. */
  groups: string[][];
};

type Page = { comparedBefore?: unknown; compared?: unknown; records?: unknown; next?: unknown };
type Found = { recordId: string; holders: string };

/** All that the last sweep found and that still stands (scope `record:read`). Reading it is logged. */
export async function findDuplicates(context: JsonContext): Promise<Duplicates> {
  const records: Found[] = [];
  let page: Page = {};
  let query = '';
  do {
    const path = `/v1/tenants/${context.tenant}/duplicates${query}`;
    page = ((await jsonCall(context, { method: 'GET', path })) ?? {}) as Page;
    if (!Array.isArray(page.records) || !Number.isSafeInteger(page.compared))
      throw new TransportError('answer-invalid', 'DUPLICATES');
    records.push(...(page.records as Found[]));
    query = typeof page.next === 'string' ? `?cursor=${encodeURIComponent(page.next)}` : '';
  } while (query !== '');
  const groups = Map.groupBy(records, ({ holders }) => holders);
  return {
    comparedBefore: typeof page.comparedBefore === 'string' ? page.comparedBefore : undefined,
    compared: Number(page.compared),
    groups: [...groups.values()].map((group) => group.map(({ recordId }) => recordId)),
  };
}
