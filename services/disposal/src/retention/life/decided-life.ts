import type { Block, LegalDay, Life, RecordHistory } from '@mnv/bango-ho';
import { dayAfter } from '@mnv/bango-ho';

/** What a tenant has decided where the law leaves it open, as of a day. */
export type TenantDecisions = {
  usesBook: RecordHistory['usesBook'];
  /** Unsure rules and maxima the tenant follows as the table states them. */
  followed: ReadonlySet<string>;
  /** After the end of its contract: whether what the duties no longer need is disposed of here. */
  disposesAtContractEnd: boolean;
};

/** Before a tenant has decided anything. */
export const UNDECIDED: TenantDecisions = {
  usesBook: 'undecided',
  followed: new Set(),
  disposesAtContractEnd: false,
};

/** A life without the blocks a tenant’s decisions lift. They lift no others, and shorten no duty. */
export function decidedLife(life: Life, decisions: TenantDecisions): Life {
  const blockedBy = life.blockedBy.filter((block) => !isLifted(block, decisions));
  if (blockedBy.length === life.blockedBy.length) return life;
  const deletableFrom = blockedBy.length > 0 ? null : endOf(life);
  return { ...life, blockedBy, deletableFrom };
}

function isLifted({ rule, reason }: Block, decisions: TenantDecisions): boolean {
  if (reason === 'contract-ended') return decisions.disposesAtContractEnd;
  if (reason !== 'needs-check' && reason !== 'maximum-only') return false;
  return rule !== null && decisions.followed.has(rule);
}

/** The day after the last duty; where there is none, the last day allowed. */
function endOf({ keepThrough, deleteBy }: Life): LegalDay | null {
  return keepThrough === null ? deleteBy : dayAfter(keepThrough);
}
