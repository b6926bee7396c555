import type { KeptCarriedItem, Registers, SubcontractorDeletion } from './registers.ts';
import { listIn, withMember } from './retention-answer.ts';

type Calls = {
  get: (path: string) => Promise<unknown>;
  post: (path: string, json?: object) => Promise<unknown>;
};

/** The registers of one tenant, over the disposal service. */
export function makeRegisters({ get, post }: Calls): Registers {
  return {
    recordCarried: async (item) => void (await post('/carried-items', item)),
    endCarried: async (id, end) => void (await post(`/carried-items/${id}/ends`, end)),
    carried: (period) => carried(get, period),
    noteSubcontractorDeletion: async (noted) =>
      withMember<{ deletionId: string }>(
        await post('/subcontractor-deletions', noted),
        'deletionId',
      ).deletionId,
    takeSubcontractorCertificate: async (deletionId, received) =>
      void (await post(`/subcontractor-deletions/${deletionId}/certificates`, received)),
    subcontractorDeletions: () => subcontractorDeletions(get),
  };
}

async function subcontractorDeletions(get: Calls['get']): Promise<SubcontractorDeletion[]> {
  const deletions: SubcontractorDeletion[] = [];
  let query: string | undefined = '';
  while (query !== undefined) {
    const page = await get(`/subcontractor-deletions${query}`);
    deletions.push(...listIn<SubcontractorDeletion>(page, 'deletions'));
    const next = (page as { next?: unknown } | null)?.next;
    query = typeof next === 'string' ? `?after=${encodeURIComponent(next)}` : undefined;
  }
  return deletions;
}

async function* carried(
  get: Calls['get'],
  period: { from: string; to: string },
): AsyncGenerator<KeptCarriedItem> {
  let query: Record<string, string> | undefined = period;
  while (query !== undefined) {
    const page = await get(`/carried-items?${new URLSearchParams(query).toString()}`);
    yield* listIn<KeptCarriedItem>(page, 'items');
    const next = (page as { next?: unknown } | null)?.next;
    query = typeof next === 'string' ? { ...period, after: next } : undefined;
  }
}
