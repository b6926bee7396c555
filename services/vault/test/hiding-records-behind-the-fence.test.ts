import { afterEach, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { problemOf } from './world/answers.ts';
import type { RunningVault } from './world/running-vault.ts';
import { createWorld, storeNumbers } from './world.ts';
import type { Stored, Tenant, World } from './world.ts';

const RESTORING = '503 vault-restoring';

let world: World;
let tenant: Tenant;
let stored: Stored;

afterEach(() => world.close());

/** An instance that nobody has told anything, on a database with a record. */
async function closedVault(): Promise<RunningVault> {
  world = await createWorld();
  const before = await world.startVault();
  tenant = await world.createTenant(before, 't-001');
  [stored] = (await storeNumbers(before, tenant)) as [Stored];
  await before.close();
  return world.startVault({ tellMemory: false });
}

describe('a vault whose fence is closed', () => {
  it('tells nothing of records, their copies and their duplicates until it opens', async () => {
    const vault = await closedVault();
    const { recordId, individualRef } = stored;
    const questions: [string, object][] = [
      ['records/read', { recordId }],
      ['records/find', { individualRef }],
      ['identity-documents/list', { recordId }],
      ['identity-documents/purged', {}],
      ['identity-documents/period', {}],
      ['duplicates', { limit: 10 }],
    ];
    const answers = async () => {
      const { client, tenantId } = tenant;
      const token = await client.token({ scope: 'record:read report:read' });
      const asked = { token, certificate: client.certificate, tenantId, rid: randomUUID() };
      const asking = questions.map(([path, question]) =>
        vault.call(`/internal/${path}`, { ...asked, ...question }),
      );
      return (await Promise.all(asking)).map(problemOf);
    };
    expect(await answers()).toEqual(questions.map(() => RESTORING));
    await vault.call('/internal/control-log/memory', { witnesses: [] });
    const opened = await answers();
    expect(opened.filter((answer) => !answer.startsWith('200'))).toEqual([]);
  });
});
