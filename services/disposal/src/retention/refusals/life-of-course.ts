import type { DocumentLife, Law, LegalDay, RecordFact } from '@mnv/bango-ho';
import { dayAfter, livesOfDocuments } from '@mnv/bango-ho';
import type { TenantDecisions } from '../life/decided-life.ts';
import { decidedLife } from '../life/decided-life.ts';
import type { KeptCourse } from './course.ts';
import { closedOn, stepsOf } from './course.ts';

/**
 * First legal day on which a course is kept for nothing: the last form that was filed without the number need not
 * be kept, or may not; where there was none, the course is over. Null while that is open, or the law is not sure.
 */
export function forgettableFrom(
  course: Pick<KeptCourse, 'steps'>,
  { decisions, law }: { decisions: TenantDecisions; law: Law },
): LegalDay | null {
  const over = closedOn(course);
  const forms = formsOf(course, over, law);
  if (forms.length === 0) return over === undefined ? null : dayAfter(over);
  const ends = forms.map((form) => endOf(form, decisions));
  const known = ends.flatMap((day) => day ?? []);
  if (known.length < ends.length) return null;
  return [...known, ...(over === undefined ? [] : [dayAfter(over)])].reduce((latest, day) =>
    day > latest ? day : latest,
  );
}

/** A form that left the house is kept as its copy. */
function formsOf(
  course: Pick<KeptCourse, 'steps'>,
  over: LegalDay | undefined,
  law: Law,
): DocumentLife[] {
  const facts = stepsOf(course, 'filed-without').map((form, at): RecordFact => {
    const copy = law.documents.find(({ code }) => code === form.document)?.copy;
    const { on, reference, deadline, completedOn } = form;
    return {
      id: String(at),
      recordedOn: on,
      kind: 'document-submitted',
      on,
      document: copy ?? form.document,
      reference,
      ...(deadline !== undefined && { deadline }),
      ...(completedOn !== undefined && { completedOn }),
    };
  });
  const left = over === undefined ? undefined : ({ state: 'ended', on: over } as const);
  return livesOfDocuments(facts, left, law);
}

/** Of a form that nobody must keep, the last day on which it may be. */
function endOf({ life }: Pick<DocumentLife, 'life'>, decisions: TenantDecisions): LegalDay | null {
  const decided = decidedLife(life, decisions);
  if (decided.deletableFrom !== null) return decided.deletableFrom;
  const isMaximum = life.blockedBy.every(({ reason }) => reason === 'maximum-only');
  return isMaximum ? life.deleteBy : null;
}
