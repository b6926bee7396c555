import type { Caller } from '@mnv/service-kit';
import type { Act, Acts } from './record-act.ts';

const REMEMBERED_VIEWS = 10_000;

/** Records a view once for each token, which lives five minutes at most; throws Refusal. */
export type View = (caller: Caller, act: Act, of: string) => Promise<void>;

/** Looking again at the same thing with the same token is the same view. */
export function makeViews(acts: Acts): View {
  const begun = new Set<string>();
  return async (caller, act, of) => {
    const view = [caller.token.tokenHashText, act.tenantId, act.operation, of].join(' ');
    if (begun.has(view)) return;
    await acts.record(caller, act);
    if (begun.size >= REMEMBERED_VIEWS) begun.clear();
    begun.add(view);
  };
}
