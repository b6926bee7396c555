import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { randomBytes, randomUUID } from 'node:crypto';
import type { ServiceAnswer } from '@mnv/service-kit';
import { outcomesOf } from './world/answers.ts';
import type { Intent } from './world/intent.ts';
import { logAndMakeTicket, makeIntent, makeTicket } from './world/intent.ts';
import type { ProxyLog } from './world/proxy-log.ts';
import { releaseRows } from './world/release-rows.ts';
import type { RunningVault } from './world/running-vault.ts';
import { showRequest } from './world/show-request.ts';
import { createWorld, storeNumbers } from './world.ts';
import type { Stored, Tenant, World } from './world.ts';

const FORKED = ['503 log-forked'];

let world: World;
let vault: RunningVault;
let second: RunningVault;
let tenant: Tenant;
let one: Stored;

beforeAll(async () => {
  world = await createWorld();
  vault = await world.startVault();
  second = await world.startVault();
});
beforeEach(async () => {
  tenant = await world.createTenant(vault, `t-${randomUUID().slice(0, 8)}`);
  [one] = (await storeNumbers(vault, tenant, 1)) as [Stored];
});
afterAll(() => world.close());

function ask(): Promise<Intent> {
  const { tenantId, client } = tenant;
  return makeIntent(client, { tenant: tenantId, recordIds: [one.recordId] });
}

const disclose = (by: RunningVault, log: ProxyLog, from?: number) =>
  showRequest(by, tenant, { log, one, from });

const outcome = async (answer: Promise<ServiceAnswer>) => outcomesOf(await answer);

async function forks(): Promise<string[]> {
  const pool = world.database.pool('postgres', { max: 1 });
  const { rows } = await pool.query<{ note: string }>(
    'select note from vault.log_fork where log_id = $1',
    [tenant.log.origin],
  );
  await pool.end();
  return rows.map((row) => row.note);
}

describe('a log with one history', () => {
  it('releases by a checkpoint that is behind the newest one, when that is proven', async () => {
    await disclose(vault, tenant.log);
    const intent = await ask();
    const first = tenant.log.append(intent.entries);
    const size = tenant.log.size;
    await disclose(second, tenant.log, 1);
    const behind = makeTicket(tenant.log, [intent], { first, size, from: tenant.log.size });
    expect(outcomesOf(await second.call('/internal/disclosures', behind))).toEqual([[one.label]]);
  });

  it('releases for an instance that is behind another one', async () => {
    expect(await outcome(disclose(vault, tenant.log))).toEqual([[one.label]]);
    for (let at = 0; at < 3; at += 1) await disclose(second, tenant.log);
    expect(await outcome(disclose(vault, tenant.log))).toEqual([[one.label]]);
  });

  it('names the newest size when the proof is from another one, and takes the same entries with that proof', async () => {
    for (let at = 0; at < 4; at += 1) await disclose(second, tenant.log);
    const intent = await ask();
    tenant.log.append([randomBytes(8)]);
    const first = tenant.log.append(intent.entries);
    const unproven = await vault.call(
      '/internal/disclosures',
      makeTicket(tenant.log, [intent], { first, from: 2 }),
    );
    expect(outcomesOf(unproven)).toEqual(['409 checkpoint-unproven']);
    expect(unproven.body).toMatchObject({ newestSize: 4 });
    expect(await releaseRows(world.database, intent.rid)).toEqual([]);
    const proven = makeTicket(tenant.log, [intent], { first, from: 4 });
    expect(outcomesOf(await vault.call('/internal/disclosures', proven))).toEqual([[one.label]]);
  });

  it('takes the entries that follow the newest checkpoint, whatever size the proxy proves from', async () => {
    for (let at = 0; at < 4; at += 1) await disclose(second, tenant.log);
    expect(await outcome(disclose(vault, tenant.log, 2))).toEqual([[one.label]]);
  });

  it('releases nothing by a checkpoint behind the newest one that nobody proves', async () => {
    await disclose(vault, tenant.log);
    const older = tenant.log.fork();
    tenant.log.append([randomBytes(8), randomBytes(8)]);
    await disclose(vault, tenant.log, 1);
    expect(await outcome(disclose(vault, older))).toEqual(['409 checkpoint-unproven']);
  });
});

describe('a log with two histories', () => {
  let left: ProxyLog;
  let right: ProxyLog;

  beforeEach(async () => {
    await disclose(vault, tenant.log);
    left = tenant.log;
    right = tenant.log.fork();
  });

  it('goes on in one of them at most when both are shown to one instance at the same moment', async () => {
    right.append([randomBytes(8)]);
    const released = async () => {
      const shows = [left, right].map((log) => outcome(disclose(vault, log, 1)));
      return (await Promise.all(shows)).map(([found]) => Array.isArray(found));
    };
    const [first, second] = [await released(), await released()];
    for (const branch of [0, 1]) expect(first[branch] && second[1 - branch]).toBe(false);
    expect(first[0] && first[1]).toBe(false);
  });

  it('releases nothing more on any instance, after a restart neither', async () => {
    await disclose(vault, left);
    await disclose(second, right);
    expect(await outcome(disclose(vault, left))).toEqual(FORKED);
    expect(await outcome(disclose(second, left, 2))).toEqual(FORKED);
    expect(await outcome(disclose(await world.startVault(), left, 2))).toEqual(FORKED);
  });

  it('releases nothing more by a checkpoint that was accepted before', async () => {
    const [before, after] = await Promise.all([ask(), ask()]);
    const first = left.append([...before.entries, ...after.entries]);
    const ticket = makeTicket(left, [before], { first, from: 1 });
    expect(outcomesOf(await vault.call('/internal/disclosures', ticket))).toEqual([[one.label]]);
    await disclose(second, right, 1);
    right.append([randomBytes(8)]);
    await disclose(second, right, 3);
    const later = makeTicket(left, [after], { first: first + 1, from: 1 });
    expect(outcomesOf(await vault.call('/internal/disclosures', later))).toEqual(FORKED);
    expect(await releaseRows(world.database, after.rid)).toEqual([]);
  });

  it('leaves the signed contradiction as evidence, and an alarm', async () => {
    await disclose(vault, left);
    await disclose(second, right);
    expect(await forks()).toEqual([right.checkpoint()]);
    expect(second.logged()).toContain('access log forked');
  });

  it('keeps nobody else from theirs', async () => {
    const other = await world.createTenant(vault, `t-${randomUUID().slice(0, 8)}`);
    const [theirs] = (await storeNumbers(vault, other, 1)) as [Stored];
    await disclose(vault, left);
    await disclose(second, right);
    const intent = await makeIntent(other.client, {
      tenant: other.tenantId,
      recordIds: [theirs.recordId],
    });
    const ticket = logAndMakeTicket(other.log, [intent]);
    expect(outcomesOf(await vault.call('/internal/disclosures', ticket))).toEqual([[theirs.label]]);
  });
});
