import type { JsonContext } from './json-call.ts';
import type { LawAdoption, LawTables, SimulationResult, TenantLaw } from './law.ts';
import { linesOf, parseAnswer } from './read-answer.ts';
import { listIn, withMember } from './retention-answer.ts';

/** A million records are gone through line by line; each line has this long. */
const DEADLINE_MS = 300_000;

type Calls = {
  get: (path: string) => Promise<unknown>;
  post: (path: string, json?: object) => Promise<unknown>;
};

/** The law of one tenant, over the disposal service. */
export function makeTenantLaw(context: JsonContext, { get, post }: Calls): TenantLaw {
  return {
    law: async () => withMember<{ version: string }>(await get('/law'), 'version'),
    simulateLaw: (law) => simulateLaw(context, law),
    lawTables: async () => withMember<LawTables>(await get('/law/tables'), 'tables'),
    loadLaw: async (law) =>
      withMember<{ digest: string; version: string }>(await post('/law/tables', law), 'digest'),
    lawAdoptions: async () => listIn<LawAdoption>(await get('/law/adoptions'), 'adoptions'),
    proposeLaw: async (proposal) =>
      withMember<{ adoptionId: string }>(await post('/law/adoptions', proposal), 'adoptionId')
        .adoptionId,
    confirmLaw: async (adoptionId, signed) =>
      void (await post(`/law/adoptions/${adoptionId}/confirmations`, signed)),
  };
}

async function* simulateLaw(
  context: JsonContext,
  law: object | string,
): ReturnType<TenantLaw['simulateLaw']> {
  const answer = await context.call(context.tenant, () => ({
    method: 'POST',
    path: `/v1/tenants/${context.tenant}/retention/law/simulations`,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(typeof law === 'string' ? { table: law } : law),
    deadlineMs: DEADLINE_MS,
  }));
  for await (const line of linesOf(answer.body)) yield parseAnswer(line) as SimulationResult;
}
