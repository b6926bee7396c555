import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { Refusal } from '@mnv/core';
import type { ServiceOperation } from '@mnv/protocol';
import type { Caller, ServiceClient } from '@mnv/service-kit';
import { problemCodeOf } from '@mnv/service-kit';
import { entryOf } from '../acts/record-act.ts';

const LIST_DEADLINE_MS = 2_500;
/** The proxy reads a period of its log. */
const ACTS_DEADLINE_MS = 55_000;

const Days = z.object({ from: z.string(), to: z.string() });
const AccessList = z.object({
  accessList: z.array(
    z.object({
      subject: z.string(),
      name: z.string(),
      purposes: z.array(z.string()),
      from: z.string(),
      to: z.string().nullable(),
      addedAt: z.string(),
      addedBy: z.string(),
      trainings: z.array(
        z.object({ course: z.string(), completedOn: z.string(), expiresOn: z.string() }),
      ),
      held: z.array(Days),
    }),
  ),
});
const DisposalActs = z.object({
  acts: z.array(z.object({ caseId: z.string(), operation: z.string(), who: z.string() })),
});

const Purges = z.object({
  documents: z.array(
    z.object({
      documentId: z.string(),
      purged: z.object({ at: z.string(), because: z.enum(['time', 'disposal']) }).optional(),
    }),
  ),
  next: z.string().optional(),
});

/** An operator’s assignment to the tenant, and the days on which it gave them access. */
export type AccessListEntry = z.infer<typeof AccessList>['accessList'][number];
export type PurgedCopy = z.infer<typeof Purges>['documents'][number];
export type DisposalAct = z.infer<typeof DisposalActs>['acts'][number];

type Asked = { tenantId: string; from: string; to: string };
type Body = { tenantId: string; [member: string]: string };

/** What the access proxy alone knows, for a person who may see it: it writes that down itself. Throws Refusal. */
export type ProxyFacts = {
  accessList(caller: Caller, asked: Asked): Promise<AccessListEntry[]>;
  disposalActs(caller: Caller, asked: Asked): Promise<DisposalAct[]>;
  /** Copies of identity documents that were purged, ever; a view for each page. */
  purgedCopies(caller: Caller, tenantId: string): AsyncIterable<PurgedCopy>;
};

export function makeProxyFacts(proxy: Pick<ServiceClient, 'json'>): ProxyFacts {
  async function ask<T>(
    schema: z.ZodType<T>,
    operation: ServiceOperation,
    { caller, asked, deadlineMs }: { caller: Caller; asked: Body; deadlineMs: number },
  ): Promise<T> {
    const { tenantId } = asked;
    const entry = entryOf(caller, { operation, tenantId }, { rid: randomUUID(), dec: 'allow' });
    const path = `/internal/${operation.replace('view-', '')}`;
    const { status, body } = await proxy.json(path, { ...asked, entry }, { deadlineMs });
    const answer = schema.safeParse(body);
    if (status === 200 && answer.success) return answer.data;
    throw new Refusal(problemCodeOf(body) ?? 'log-unavailable', 'The access proxy did not say.');
  }
  return {
    accessList: async (caller, asked) => {
      const how = { caller, asked, deadlineMs: LIST_DEADLINE_MS };
      return (await ask(AccessList, 'view-access-list', how)).accessList;
    },
    disposalActs: async (caller, asked) => {
      const how = { caller, asked, deadlineMs: ACTS_DEADLINE_MS };
      return (await ask(DisposalActs, 'view-disposal-acts', how)).acts;
    },
    async *purgedCopies(caller, tenantId) {
      let more = {};
      for (;;) {
        const how = { caller, asked: { tenantId, ...more }, deadlineMs: LIST_DEADLINE_MS };
        const { documents, next } = await ask(Purges, 'view-identity-document-purges', how);
        yield* documents;
        if (next === undefined) return;
        more = { cursor: next };
      }
    },
  };
}
