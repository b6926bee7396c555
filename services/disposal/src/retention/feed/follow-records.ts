import type { Logger, Repeated } from '@mnv/service-kit';
import { repeatedly, safeFacts } from '@mnv/service-kit';
import type { ReadFeed, RecordFeedPage } from './record-feed.ts';

const LOOK_EVERY_MS = 1_000;
const TRY_AGAIN_MS = 2_000;

export type FollowDependencies = {
  readFeed: ReadFeed;
  findPosition(): Promise<string | undefined>;
  /**
   * Takes a page over and moves the position from `after`, in one transaction; false, and nothing done, when
   * another instance has moved it.
   */
  applyPage(after: string | undefined, page: RecordFeedPage): Promise<boolean>;
};

/** Takes over all that the feed has. Resolves with how many events were taken. */
export async function followOnce(deps: FollowDependencies): Promise<number> {
  let taken = 0;
  for (;;) {
    const after = await deps.findPosition();
    const page = await deps.readFeed(after);
    if (page.events.length === 0) return taken;
    // A feed that does not move would be read for ever.
    if (page.cursor === after) throw new Error('the feed stands still');
    if (await deps.applyPage(after, page)) taken += page.events.length;
  }
}

/** Follows the vault’s feed; not started. */
export function followRecords(deps: FollowDependencies & { log: Logger }): Repeated {
  return repeatedly(async () => void (await followOnce(deps)), {
    everyMs: LOOK_EVERY_MS,
    tryAgainMs: TRY_AGAIN_MS,
    onFault: (error) => deps.log.warn('record events not followed', safeFacts(error)),
  });
}
