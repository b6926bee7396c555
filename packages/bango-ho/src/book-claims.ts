import type { Block, Claim } from './combine-rules.ts';
import type { Law } from './law.ts';
import type { PurposeSubject } from './purpose.ts';
import type { RecordFact } from './record-event.ts';

/** Whether the vault stands in as the book (帳簿) of declarations that omit the number. */
export type BookUse = {
  readonly subject: PurposeSubject;
  readonly usesBook: 'yes' | 'no' | 'undecided';
};

/** The declarations that omitted the number. While the book is used and none is known, its clock has not started. */
export function bookClaims(history: BookUse, facts: readonly RecordFact[], { book }: Law): Claim[] {
  const omitted = facts.flatMap((fact) => (fact.kind === 'number-omitted' ? [fact.deadline] : []));
  // A declaration that did omit the number needs the book, whatever the tenant decides afterwards.
  const claims = omitted.map((event) => ({ rule: book.rule, event }));
  const expected = history.usesBook === 'yes' && book.subjects.includes(history.subject);
  return expected && claims.length === 0 ? [{ rule: book.rule, event: null }] : claims;
}

/** What a person must decide before anything may be deleted. */
export function decisionsOf(
  { usesBook, subject }: BookUse,
  facts: readonly RecordFact[],
  { book }: Law,
): Block[] {
  const undecided = usesBook === 'undecided' && book.subjects.includes(subject);
  // 返却又は廃棄: the contract says which, and the duties stay with the tenant.
  const leaving = facts.some((fact) => fact.kind === 'tenant-contract-ended');
  return [
    ...(undecided ? [{ rule: book.rule, reason: 'book-undecided' } as const] : []),
    ...(leaving ? [{ rule: null, reason: 'contract-ended' } as const] : []),
  ];
}
