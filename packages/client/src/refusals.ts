import type { Subject, Verification } from '@mnv/core';
import type { JsonContext } from './json-call.ts';
import { jsonCall } from './json-call.ts';
import { TransportError } from './transport-error.ts';

/** A legal day of Japan, `YYYY-MM-DD`. */
type Day = string;

/** What happened in the course of asking; days are today or before, and no text holds a number. */
export type RefusalFact = { on: Day } & (
  | {
      kind: 'asked';
      channel: Verification['channel'];
      /** Who asked. */
      by: string;
      /** Whether the individual was told that the law asks for the number. */
      toldDuty: boolean;
    }
  | { kind: 'refused'; reason: string }
  | { kind: 'unanswered' }
  /** A form was filed without the number; which form, and the tenant’s name of this one. */
  | {
      kind: 'filed-without';
      document: string;
      reference: string;
      deadline?: Day;
      completedOn?: Day;
    }
  | { kind: 'provided' }
  /** No form needs the number any more. */
  | { kind: 'ended'; reason: string }
  /** Takes a step back that was told wrongly. */
  | { kind: 'withdrawn'; step: string; reason: string }
);

/** Whose number was asked for, and for which purpose. */
export type RefusalWhose = { individualRef: string; subject: Subject; purpose: string };
/** `id` is the tenant’s own: the same id is the same step. */
export type RefusalStep = { id: string } & RefusalWhose & RefusalFact;

export type RecordedRefusalStep = { id: string; courseId: string; outcome: 'recorded' | 'known' };

export type RefusalCourse = RefusalWhose & {
  courseId: string;
  state: Exclude<RefusalFact['kind'], 'withdrawn'>;
  /** What it lacks to show that the absence of the number is no neglect. */
  lacks: ('duty-not-told' | 'second-request' | 'answer')[];
  /** It is forgotten on this day; null while that is open. */
  keptUntil: Day | null;
  held: boolean;
  steps: ({ id: string; recordedOn: Day; toldBy: string; stands: boolean } & RefusalFact)[];
};

/** 提供拒否: the course of asking for numbers that were not given. Over the disposal service. */
export type Refusals = {
  record: (step: RefusalStep) => Promise<RecordedRefusalStep>;
  list: () => AsyncGenerator<RefusalCourse>;
};

export function makeRefusals(context: JsonContext): Refusals {
  const path = `/v1/tenants/${context.tenant}/retention/refusals`;
  return {
    // A step names itself: whoever sends it twice has told it once.
    record: async (step) => {
      const answer = await jsonCall(context, { method: 'POST', path, json: step });
      if (typeof (answer as { courseId?: unknown } | null)?.courseId === 'string')
        return answer as RecordedRefusalStep;
      throw new TransportError('answer-invalid', 'REFUSALS');
    },
    list: () => list(context, path),
  };
}

async function* list(context: JsonContext, path: string): AsyncGenerator<RefusalCourse> {
  let cursor: string | undefined;
  do {
    const query = cursor === undefined ? '' : `?cursor=${cursor}`;
    const page = await jsonCall(context, { method: 'GET', path: `${path}${query}` });
    const { refusals, next } = (page ?? {}) as { refusals?: unknown; next?: unknown };
    if (!Array.isArray(refusals)) throw new TransportError('answer-invalid', 'REFUSALS');
    yield* refusals as RefusalCourse[];
    cursor = typeof next === 'string' ? next : undefined;
  } while (cursor !== undefined);
}
