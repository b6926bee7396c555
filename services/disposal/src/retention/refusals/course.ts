import type { LegalDay } from '@mnv/bango-ho';
import type { CourseKey, Step } from './refusal-step.ts';

/** A step as it is kept. */
export type KeptStep = {
  id: string;
  step: Step;
  /** Legal day on which it was told, and by whom. */
  recordedOn: LegalDay;
  toldBy: string;
};

/** A course with its steps, in the order in which they were told. */
export type KeptCourse = CourseKey & { courseId: string; steps: readonly KeptStep[] };

/** What the steps come to. */
export type CourseState =
  | 'asked'
  | 'refused'
  | 'unanswered'
  | 'filed-without'
  | 'provided'
  | 'ended';

/**
 * What a course lacks to show that the number’s absence is no neglect (経過の記録): that the individual was told
 * of the duty, was asked again, and what came of it.
 */
export type Lack = 'duty-not-told' | 'second-request' | 'answer';

type Of<Kind extends Step['kind']> = Extract<Step, { kind: Kind }>;

/** The steps that stand, by their day; those of one day as they were told. */
export function standingSteps(course: Pick<KeptCourse, 'steps'>): KeptStep[] {
  const withdrawn = new Set(
    course.steps.flatMap(({ step }) => (step.kind === 'withdrawn' ? [step.step] : [])),
  );
  return course.steps
    .filter(({ id, step }) => step.kind !== 'withdrawn' && !withdrawn.has(id))
    .toSorted((a, b) => (a.step.on < b.step.on ? -1 : Number(a.step.on > b.step.on)));
}

export function stepsOf<Kind extends Step['kind']>(
  course: Pick<KeptCourse, 'steps'>,
  kind: Kind,
): Of<Kind>[] {
  return standingSteps(course).flatMap(({ step }) =>
    step.kind === kind ? [step as Of<Kind>] : [],
  );
}

/** The day on which the number was given, or was needed no more; undefined while the course is open. */
export function closedOn(course: Pick<KeptCourse, 'steps'>): LegalDay | undefined {
  const ends = [...stepsOf(course, 'provided'), ...stepsOf(course, 'ended')];
  return ends
    .map(({ on }) => on)
    .toSorted()
    .at(-1);
}

/** Undefined when every step was withdrawn. */
export function stateOf(course: Pick<KeptCourse, 'steps'>): CourseState | undefined {
  const kinds = standingSteps(course).map(({ step }) => step.kind as CourseState);
  const end = kinds.findLast((kind) => kind === 'provided' || kind === 'ended');
  return end ?? (kinds.includes('filed-without') ? 'filed-without' : kinds.at(-1));
}

export function lacksOf(course: Pick<KeptCourse, 'steps'>): Lack[] {
  const asked = stepsOf(course, 'asked');
  const answered = [...stepsOf(course, 'refused'), ...stepsOf(course, 'unanswered')];
  const isOver = closedOn(course) !== undefined && stepsOf(course, 'filed-without').length === 0;
  if (isOver) return [];
  return [
    ...(asked.some(({ toldDuty }) => toldDuty) ? [] : (['duty-not-told'] as const)),
    ...(asked.length >= 2 ? [] : (['second-request'] as const)),
    ...(answered.length > 0 ? [] : (['answer'] as const)),
  ];
}
