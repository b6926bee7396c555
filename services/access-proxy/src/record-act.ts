import { randomUUID } from 'node:crypto';
import type { Clock, ProblemCode, Scope } from '@mnv/core';
import { Refusal, legalDayOf } from '@mnv/core';
import { requirePerson, requireScope } from '@mnv/service-kit';
import type { Caller } from '@mnv/service-kit';
import { draftEntry } from './caller.ts';
import type { Appended, Lane } from './log/append-entries.ts';
import type { EntryDraft, LogIdentity } from './log/log-head.ts';
import type { Decision, PolicyRequest } from './policy/decide.ts';

/** Something a person does about records or the log, other than a disclosure. */
export type Act = {
  operation: string;
  scope: Scope;
  /** The tenant named in the path. */
  tenantId: string;
  recordId?: string;
  count?: number;
  /** Whether policy decides over it: acts of handling do, views by reviewers need only their scope. */
  handling?: PolicyRequest['operation'];
  lane?: Lane;
  /** Of the act this one belongs to; a new one otherwise. */
  rid?: string;
};

export type RecordActDependencies = {
  logOf(tenantId: string): Promise<LogIdentity | undefined>;
  append(log: LogIdentity, drafts: EntryDraft[], lane: Lane): Promise<Appended>;
  decide(caller: Caller, request: PolicyRequest): Promise<Decision>;
  clock: Clock;
};

/** Writes the entry of an act; resolves with its request id once the entry is durable. The act comes after. */
export type RecordAct = (caller: Caller, act: Act) => Promise<string>;

/**
 * Who may, is written down before it happens; who may not, is written down before it is told.
 * @throws Refusal
 */
export function makeRecordAct(deps: RecordActDependencies): RecordAct {
  return async (caller, act) => {
    const log = await deps.logOf(caller.token.tenant);
    if (!log) throw new Refusal('not-found', 'There is no such tenant.');
    const rid = act.rid ?? randomUUID();
    const facts = { rid, op: act.operation, rec: act.recordId ?? '', cnt: act.count ?? 1 };
    const refusal = await refusalOf(caller, act, deps);
    const dec = refusal ? `deny:${refusal.code}` : 'allow';
    const entry = draftEntry(caller, { ...facts, k: refusal ? 'deny' : 'act', dec });
    await deps.append(log, [entry], act.lane ?? 'interactive');
    if (refusal) throw refusal;
    return rid;
  };
}

async function refusalOf(
  caller: Caller,
  act: Act,
  deps: RecordActDependencies,
): Promise<Refusal | undefined> {
  try {
    const own = act.tenantId === caller.token.tenant;
    const administration = act.scope === 'admin';
    if (!own && !administration) throw new Refusal('not-found', 'There is no such tenant.');
    requireScope(caller.token, act.scope);
    requirePerson(caller.token);
    if (!own) throw new Refusal('not-permitted', 'Administration is done for the own company.');
    if (act.handling) await requireDecision(caller, act.handling, deps);
    return undefined;
  } catch (error) {
    if (error instanceof Refusal) return error;
    throw error;
  }
}

async function requireDecision(
  caller: Caller,
  operation: PolicyRequest['operation'],
  deps: RecordActDependencies,
): Promise<void> {
  const today = legalDayOf(deps.clock());
  const decision = await deps.decide(caller, { operation, purpose: undefined, today });
  if (!decision.allow) throw notAllowed(decision.code);
}

function notAllowed(code: ProblemCode): Refusal {
  return new Refusal(code, 'The registers do not allow this.');
}
