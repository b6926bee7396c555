import { isDeepStrictEqual } from 'node:util';
import { randomUUID } from 'node:crypto';
import { Refusal } from '@mnv/core';
import type { KeptCourse } from './course.ts';
import { closedOn, standingSteps, stepsOf } from './course.ts';
import type { CourseKey, Step, ToldStep } from './refusal-step.ts';

/** One transaction in which nobody else records a step of the same individual, subject and purpose. */
export type CourseStep = {
  /** The courses of the key, the oldest first; locks the key. */
  findCourses(key: CourseKey): Promise<KeptCourse[]>;
  /** The course a step of this id is in, whatever its key. */
  findCourseOfStep(stepId: string): Promise<KeptCourse | undefined>;
  insertCourse(courseId: string, key: CourseKey): Promise<void>;
  insertStep(courseId: string, told: ToldStep): Promise<void>;
};

export type RecordedStep = { courseId: string; outcome: 'recorded' | 'known' };

/**
 * Adds a step to the course it belongs to; asking begins one where none is open. The same step told again is
 * known, and changes nothing.
 * @throws Refusal `event-differs`, `event-unknown`, `event-contradicts`
 */
export async function recordStep(trx: CourseStep, told: ToldStep): Promise<RecordedStep> {
  const courses = await trx.findCourses(told.key);
  const known = await trx.findCourseOfStep(told.id);
  if (known) return repeatOf(told, known);
  const course = courseFor(told.step, courses);
  if (course) requireAgreement(told.step, course);
  const courseId = course?.courseId ?? randomUUID();
  if (!course) await trx.insertCourse(courseId, told.key);
  await trx.insertStep(courseId, told);
  return { courseId, outcome: 'recorded' };
}

function repeatOf({ id, key, step }: ToldStep, course: KeptCourse): RecordedStep {
  const before = course.steps.find((one) => one.id === id);
  const { individualRef, subject, purpose, courseId } = course;
  const same = isDeepStrictEqual({ individualRef, subject, purpose }, key);
  if (before === undefined || !same || !isDeepStrictEqual(before.step, step))
    throw new Refusal('event-differs', 'id: it was told before with other contents.');
  return { courseId, outcome: 'known' };
}

/** Undefined where the step begins a course. */
function courseFor(step: Step, courses: readonly KeptCourse[]): KeptCourse | undefined {
  if (step.kind === 'withdrawn') {
    const found = courses.find(({ steps }) => steps.some(({ id }) => id === step.step));
    if (!found) throw new Refusal('event-unknown', 'step: no such step was told.');
    return found;
  }
  const latest = courses.at(-1);
  if (step.kind === 'asked') return latest && isOpenOn(step, latest) ? latest : undefined;
  if (latest === undefined)
    throw new Refusal('event-contradicts', 'kind: nobody was asked; tell that first.');
  return latest;
}

/** What was asked before a course was over belongs to it, whenever it is told. */
function isOpenOn({ on }: Step, course: KeptCourse): boolean {
  const over = closedOn(course);
  return over === undefined || on <= over;
}

function requireAgreement(step: Step, course: KeptCourse): void {
  if (step.kind === 'withdrawn') {
    const stands = standingSteps(course).some(({ id }) => id === step.step);
    if (!stands) throw new Refusal('event-contradicts', 'step: it was withdrawn already.');
    return;
  }
  const [first] = stepsOf(course, 'asked');
  if (step.kind !== 'asked' && (first === undefined || step.on < first.on))
    throw new Refusal('event-contradicts', 'on: nobody had been asked by then.');
  if (!isOpenOn(step, course))
    throw new Refusal('event-contradicts', 'on: the course was over by then; ask anew.');
  if ((step.kind === 'provided' || step.kind === 'ended') && closedOn(course) !== undefined)
    throw new Refusal('event-contradicts', 'kind: the course is over; withdraw its end first.');
}
