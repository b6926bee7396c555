import type { Logger, Repeated } from '@mnv/service-kit';
import { repeatedly, safeFacts } from '@mnv/service-kit';

const LOOK_EVERY_MS = 60 * 60_000;
const TRY_AGAIN_MS = 5 * 60_000;

/** Forgets the courses that are kept for nothing, on every instance alike: each is deleted once; not started. */
export function forgettingCourses(deps: {
  listTenants(): Promise<string[]>;
  forgetCourses(tenantId: string): Promise<number>;
  log: Logger;
}): Repeated {
  const forget = async () => {
    for (const tenantId of await deps.listTenants()) {
      const count = await deps.forgetCourses(tenantId);
      if (count > 0) deps.log.info('courses of refusals forgotten', { tenantId, count });
    }
  };
  return repeatedly(forget, {
    everyMs: LOOK_EVERY_MS,
    tryAgainMs: TRY_AGAIN_MS,
    onFault: (error) => deps.log.warn('courses of refusals not forgotten', safeFacts(error)),
  });
}
