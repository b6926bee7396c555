import type { Caller } from '@mnv/service-kit';
import type { RecordAct } from '../record-act.ts';

const REMEMBERED_VIEWS = 10_000;

/** Views of logs. Each resolves once its entry is durable; throws Refusal. */
export type Views = {
  /** A view of its own. */
  begin(caller: Caller, tenantId: string): Promise<void>;
  /** Part of the view that this token began; a view of its own when it began none here. */
  goOn(caller: Caller, tenantId: string): Promise<void>;
};

/** Viewing a log is an act, and stands in the log itself: once for each token, which lives five minutes at most. */
export function makeViews(deps: { recordAct: RecordAct; operation: string }): Views {
  const begun = new Set<string>();

  async function begin(caller: Caller, tenantId: string): Promise<void> {
    await deps.recordAct(caller, { operation: deps.operation, scope: 'log:read', tenantId });
    if (begun.size >= REMEMBERED_VIEWS) begun.clear();
    begun.add(viewOf(caller, tenantId));
  }

  return {
    begin,
    goOn: async (caller, tenantId) => {
      if (!begun.has(viewOf(caller, tenantId))) await begin(caller, tenantId);
    },
  };
}

function viewOf({ token }: Caller, tenantId: string): string {
  return `${token.tokenHashText} ${tenantId}`;
}
