import type { AccessEntry } from '@mnv/protocol';
import type { Caller } from '@mnv/service-kit';
import type { EntryDraft } from './log/log-head.ts';
import { POLICY_VERSION } from './policy/decide.ts';

/** What an act of a caller is about, for the log. */
export type ActFacts = Pick<AccessEntry, 'k' | 'rid' | 'op' | 'dec' | 'cnt'> &
  Partial<Pick<AccessEntry, 'rec' | 'rqh' | 'pur' | 'case'>>;

/** An entry that names the caller; what does not apply is empty. */
export function draftEntry({ token, x5t }: Caller, facts: ActFacts): EntryDraft {
  return {
    k: facts.k,
    rid: facts.rid,
    ten: token.tenant,
    rec: facts.rec ?? '',
    op: facts.op,
    iss: token.issuer,
    sub: token.subject,
    act: token.clientId,
    x5t,
    tok: token.tokenHashText,
    rqh: facts.rqh ?? '',
    pur: facts.pur ?? '',
    case: facts.case ?? '',
    pol: POLICY_VERSION,
    dec: facts.dec,
    cnt: facts.cnt,
  };
}
