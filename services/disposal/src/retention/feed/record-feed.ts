import { z } from 'zod';
import { CHANGE_REASONS, SUBJECTS, isTenantId, isUuid } from '@mnv/core';
import type { ServiceClient } from '@mnv/service-kit';

const DEADLINE_MS = 10_000;
const PAGE = 1_000;

const Common = {
  tenantId: z.string().refine(isTenantId),
  recordId: z.string().refine(isUuid),
  at: z.iso.datetime({ offset: true }),
};
/** As the vault took it then: what is refused today would stop the feed. */
const StoredRef = z.string().min(1).max(128);
const Stored = z.object({
  ...Common,
  kind: z.literal('stored'),
  subject: z.enum(SUBJECTS),
  purposes: z.array(z.string()).min(1),
  individualRef: StoredRef,
  relatedRef: StoredRef.nullish(),
});
const Changed = z.object({ ...Common, kind: z.enum(['frozen', 'released-from-freeze', 'erased']) });
const NumberChanged = z.object({
  ...Common,
  kind: z.literal('number-changed'),
  superseded: z.object({
    by: z.string().refine(isUuid),
    reason: z.enum(CHANGE_REASONS),
    from: z.iso.date(),
  }),
});
const Page = z.object({
  events: z.array(z.discriminatedUnion('kind', [Stored, Changed, NumberChanged])),
  cursor: z.union([z.string().min(1).max(200), z.number().transform(String)]),
});

/** What became of a stored number, as the vault tells it. */
export type RecordFeedEvent = z.infer<typeof Page>['events'][number];
export type RecordFeedPage = { events: RecordFeedEvent[]; cursor: string };

/** Reads the page after a cursor; the first one when there is none. */
export type ReadFeed = (after: string | undefined) => Promise<RecordFeedPage>;

/** The vault’s feed. Throws when the answer is not one: nothing of it is taken then. */
export function makeReadFeed(vault: ServiceClient): ReadFeed {
  return async (after) => {
    const query = new URLSearchParams({ limit: String(PAGE) });
    if (after !== undefined) query.set('after', after);
    const path = `/internal/record-events?${query.toString()}`;
    const { status, body } = await vault.json(path, undefined, { deadlineMs: DEADLINE_MS });
    if (status !== 200) throw new Error('the vault did not give its feed');
    return Page.parse(body);
  };
}
