import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { NewRecord } from '@mnv/client';
import { createFileRoot } from '@mnv/erasure-tree';
import { makeIndividualNumber } from '@mnv/testing';
import { actingAs } from '../demo/acting-as.ts';
import { APPROVERS, OPERATOR, REQUESTER, TENANT } from '../demo/parts.ts';
import { clientFor } from '../system/client-for.ts';
import type { Endpoints } from '../system/endpoints.ts';
import type { LocalSystem } from '../system/start-system.ts';

export const ASK = { purpose: 'TAX-WITHHOLD', caseId: 'DRILL-1' };
const WITHIN_MS = 240_000;
const LOOK_EVERY_MS = 1_000;

/** A stored record, and the number that must or must not come back. */
export type Held = { recordId: string; individualRef: string; individualNumber: string };

export async function until(what: string, holds: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + WITHIN_MS;
  while (!(await holds())) {
    if (Date.now() > deadline) throw new Error(`${what} did not come to pass in time`);
    await pause(LOOK_EVERY_MS);
  }
}

/** Stores people with numbers made now. */
export function storePeople(endpoints: Endpoints, refs: readonly string[]): Promise<Held[]> {
  const records = refs.map(
    (individualRef): NewRecord => ({
      individualRef,
      subject: 'E',
      individualNumber: makeIndividualNumber(),
      purposes: [ASK.purpose],
      verification: {
        numberCheck: 'N1',
        identityCheck: 'I1',
        channel: 'online',
        verifiedBy: OPERATOR,
        verifiedOn: '2026-04-01',
      },
      noticeVersion: '2026-01',
    }),
  );
  return actingAs(endpoints, { person: OPERATOR, tenant: TENANT }, async (client) => {
    const stored = await Array.fromAsync(client.storeRecords(records));
    return stored.map((answer, at) => {
      if (!('recordId' in answer)) throw new Error('a record was not stored');
      const { individualRef, individualNumber } = records[at] as NewRecord;
      return { recordId: answer.recordId, individualRef, individualNumber };
    });
  });
}

/** Three persons dispose of records; resolves when they are erased and certified. */
export async function disposeOf(endpoints: Endpoints, leavers: readonly Held[]): Promise<void> {
  const records = leavers.map(({ recordId, individualRef }) => ({ recordId, individualRef }));
  const requester = { person: REQUESTER, tenant: TENANT };
  const batch = await actingAs(endpoints, requester, async ({ disposals }) => {
    const draft = await disposals.draft({ caseId: ASK.caseId, reason: 'drill', records });
    await disposals.request(draft);
    return draft;
  });
  for (const person of APPROVERS)
    await actingAs(endpoints, { person, tenant: TENANT }, async ({ disposals }) => {
      await disposals.recordIds(batch);
      await disposals.approve(batch);
    });
  await actingAs(endpoints, requester, async ({ disposals }) => {
    await disposals.order(batch);
    await until(
      'the certificate',
      async () => (await disposals.get(batch.disposalId)).state === 'certified',
    );
  });
}

/** Does what an administrator does. */
export async function asAdministrator<T>(
  endpoints: Endpoints,
  person: string,
  work: (administration: ReturnType<typeof clientFor>['administration']) => Promise<T>,
): Promise<T> {
  const client = clientFor(endpoints, { person, clientId: 'administration', tenant: 'operator' });
  try {
    return await work(client.administration);
  } finally {
    await client.close();
  }
}

/** The file root as the vault uses it; with `copy`, an older copy of its file. */
export function rootOf({ installation }: LocalSystem, copy?: string) {
  const { rootFile, rootKeyFile } = installation;
  if (copy === undefined) return createFileRoot({ file: rootFile, keyFile: rootKeyFile });
  return createFileRoot({ file: copy, keyFile: rootKeyFile, memoryFile: `${copy}.memory` });
}

/** Every export in every place, oldest first. */
export function exportsOf({ installation }: LocalSystem): string[] {
  return installation.layout.exports.flatMap((directory) =>
    readdirSync(directory)
      .filter((name) => name.endsWith('.export'))
      .toSorted()
      .map((name) => join(directory, name)),
  );
}

/** How many records are answered with the right number, and how many are refused as disposed of. */
export function tryAll(
  endpoints: Endpoints,
  held: readonly Held[],
): Promise<{ right: number; gone: number }> {
  const numbers = new Map(held.map((one) => [one.recordId, one.individualNumber]));
  return actingAs(endpoints, { person: OPERATOR, tenant: TENANT }, async (client) => {
    const outcome = { right: 0, gone: 0 };
    for await (const answer of client.discloseAll(numbers.keys(), ASK)) {
      if ('problem' in answer) {
        if (answer.problem.type.endsWith(':already-disposed')) outcome.gone += 1;
      } else if (answer.individualNumber.reveal() === numbers.get(answer.recordId))
        outcome.right += 1;
    }
    return outcome;
  });
}
