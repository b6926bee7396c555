import { randomUUID } from 'node:crypto';
import { expect } from '@jest/globals';
import type { World } from './world.ts';

export const newRef = () => `ref-${randomUUID().slice(0, 8)}`;
export const ask = (on: string, changes: object = {}) => ({
  kind: 'asked',
  on,
  channel: 'mail',
  by: '人事部 佐藤',
  toldDuty: true,
  ...changes,
});
export const refused = (on: string) => ({ kind: 'refused', on, reason: '提供したくないとのこと' });
export const filed = (on: string, changes: object = {}) => ({
  kind: 'filed-without',
  on,
  document: 'fuyo',
  reference: `file ${on}`,
  deadline: on,
  ...changes,
});

export type Course = {
  courseId: string;
  individualRef: string;
  state: string;
  lacks: string[];
  keptUntil: string | null;
  held: boolean;
  steps: { id: string; kind: string; stands: boolean; toldBy: string; recordedOn: string }[];
};

/** Tells steps of one individual one after the other; answers their status and outcome. */
export function individualOf(world: World, individualRef = newRef(), of: object = {}) {
  const whose = { individualRef, subject: 'E', purpose: 'TAX-DECL-DEP', ...of };
  const tell = async (step: object, id: string = randomUUID(), call: object = {}) => {
    const { status, body } = await world.call('POST', 'refusals', {
      body: { id, ...whose, ...step },
      ...call,
    });
    const { type } = body as { type?: string };
    const code = type?.slice(type.lastIndexOf(':') + 1);
    return `${status} ${code ?? String(body['outcome'])}`;
  };
  return {
    tell,
    async tellAll(...steps: object[]) {
      for (const step of steps) expect(await tell(step)).toBe('201 recorded');
    },
    courses: async () =>
      (await allCourses(world)).filter((one) => one.individualRef === individualRef),
  };
}

export async function allCourses(world: World, tenant = 't-001'): Promise<Course[]> {
  const found: Course[] = [];
  let next: string | undefined;
  do {
    const path = next === undefined ? 'refusals' : `refusals?cursor=${next}`;
    const { body } = await world.call('GET', path, { tenant });
    found.push(...(body['refusals'] as Course[]));
    next = body['next'] as string | undefined;
  } while (next !== undefined);
  return found;
}
