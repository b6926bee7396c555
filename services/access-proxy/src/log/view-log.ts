import { Refusal } from '@mnv/core';
import type { Caller } from '../caller.ts';
import type { RecordAct } from '../record-act.ts';
import type { LogIdentity } from './log-head.ts';

const REMEMBERED_VIEWS = 10_000;

export type ViewLogDependencies = {
  recordAct: RecordAct;
  logOf(tenantId: string): Promise<LogIdentity | undefined>;
};

export type ViewLog = {
  /** A view of its own. Resolves with the log once the entry is durable. Throws Refusal. */
  begin(caller: Caller, tenantId: string): Promise<LogIdentity>;
  /** Part of the view that this token began; a view of its own when it began none here. */
  goOn(caller: Caller, tenantId: string): Promise<LogIdentity>;
};

/** Viewing a log is an act, and stands in the log itself: once for each token, which lives five minutes at most. */
export function makeViewLog({ recordAct, logOf }: ViewLogDependencies): ViewLog {
  const begun = new Set<string>();

  async function begin(caller: Caller, tenantId: string): Promise<LogIdentity> {
    await recordAct(caller, { operation: 'view-log', scope: 'log:read', tenantId });
    if (begun.size >= REMEMBERED_VIEWS) begun.clear();
    begun.add(viewOf(caller, tenantId));
    return requireLog(tenantId);
  }

  async function requireLog(tenantId: string): Promise<LogIdentity> {
    const log = await logOf(tenantId);
    if (!log) throw new Refusal('not-found', 'There is no such tenant.');
    return log;
  }

  return {
    begin,
    goOn: (caller, tenantId) =>
      begun.has(viewOf(caller, tenantId)) ? requireLog(tenantId) : begin(caller, tenantId),
  };
}

function viewOf({ token }: Caller, tenantId: string): string {
  return `${token.tokenHashText} ${tenantId}`;
}
