import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import type { JWTPayload } from 'jose';
import type { AccessEntry, Ticket } from '@mnv/protocol';
import { outcomesOf } from './world/answers.ts';
import type { Intent, IntentOptions } from './world/intent.ts';
import { logAndMakeTicket, makeIntent, sha256 } from './world/intent.ts';
import { releaseRows } from './world/release-rows.ts';
import type { RunningVault } from './world/running-vault.ts';
import { createWorld, storeNumbers } from './world.ts';
import type { Stored, Tenant, World } from './world.ts';

let world: World;
let vault: RunningVault;
let tenant: Tenant;
let other: Tenant;
let one: Stored;
let two: Stored;

beforeAll(async () => {
  world = await createWorld();
  vault = await world.startVault();
});
beforeEach(async () => {
  tenant = await world.createTenant(vault, `t-${randomUUID().slice(0, 8)}`);
  other = await world.createTenant(vault, `t-${randomUUID().slice(0, 8)}`);
  [one, two] = (await storeNumbers(vault, tenant, 2)) as [Stored, Stored];
});
afterAll(() => world.close());

function intentOf(options: Partial<IntentOptions> = {}): Promise<Intent> {
  return makeIntent(tenant.client, {
    tenant: tenant.tenantId,
    recordIds: [one.recordId],
    ...options,
  });
}

/** Shows a ticket of one intent and requires that nothing came out and nothing was consumed. */
async function expectNothing(intent: Intent, ticket: Ticket, outcome: string): Promise<void> {
  const answer = await vault.call('/internal/disclosures', ticket);
  expect(outcomesOf(answer)).toEqual([outcome]);
  expect(JSON.stringify(answer.body)).not.toContain('individualNumber');
  expect(await releaseRows(world.database, intent.rid)).toEqual([]);
}

/** The same request is released once it is told honestly: it was the lie that was refused. */
async function expectHonestyReleases(): Promise<void> {
  const honest = await intentOf();
  const answer = await vault.call('/internal/disclosures', logAndMakeTicket(tenant.log, [honest]));
  expect(outcomesOf(answer)).toEqual([[one.label]]);
}

describe('a proxy that logs something else than the client signed', () => {
  it.each<[string, () => Partial<IntentOptions>, string]>([
    ['another purpose', () => ({ entry: { pur: 'TAX-LOCAL' } }), 'not-permitted'],
    ['another case', () => ({ entry: { case: 'AUDIT-1' } }), 'not-permitted'],
    ['another person', () => ({ entry: { sub: 'person-2' } }), 'not-permitted'],
    ['another issuer', () => ({ entry: { iss: 'https://other.test' } }), 'not-permitted'],
    ['another client', () => ({ entry: { act: 'hr' } }), 'not-permitted'],
    ['another tenant', () => ({ entry: { ten: other.tenantId } }), 'not-permitted'],
    ['another operation', () => ({ entry: { op: 'find' } }), 'not-permitted'],
    ['another request id', () => ({ entry: { rid: randomUUID() } }), 'not-permitted'],
    ['another certificate', () => ({ entry: { x5t: other.client.x5t } }), 'not-permitted'],
    ['another token', () => ({ entry: { tok: 'A'.repeat(43) } }), 'not-permitted'],
    ['another request', () => ({ entry: { rqh: 'A'.repeat(43) } }), 'not-permitted'],
    ['a refusal', () => ({ entry: { k: 'deny', dec: 'deny:not-permitted' } }), 'not-permitted'],
    ['an outcome', () => ({ entry: { k: 'outcome', dec: 'delivered' } }), 'not-permitted'],
    ['an act', () => ({ entry: { k: 'act' } }), 'not-permitted'],
    ['more records than one by one entry', () => ({ entry: { cnt: 2 } }), 'not-permitted'],
    [
      'an entry from half a minute ago',
      () => ({ entry: { t: Date.now() - 31_000 } }),
      'not-permitted',
    ],
    ['an entry from the future', () => ({ entry: { t: Date.now() + 31_000 } }), 'not-permitted'],
    ['another record', () => ({ loggedIds: [two.recordId] }), 'request-signature-invalid'],
    [
      'one record more',
      () => ({ loggedIds: [one.recordId, two.recordId] }),
      'request-signature-invalid',
    ],
    [
      'one record less',
      () => ({ recordIds: [one.recordId, two.recordId], loggedIds: [one.recordId] }),
      'request-signature-invalid',
    ],
    [
      'the records in another order',
      () => ({
        recordIds: [one.recordId, two.recordId],
        loggedIds: [two.recordId, one.recordId],
      }),
      'request-signature-invalid',
    ],
    ['no record', () => ({ entry: { rec: '' } }), 'request-signature-invalid'],
  ])('gets nothing for %s', async (_lie, options, outcome) => {
    const intent = await intentOf(options());
    await expectNothing(intent, logAndMakeTicket(tenant.log, [intent]), outcome);
    await expectHonestyReleases();
  });

  it.each<[string, (entry: Buffer) => Buffer]>([
    ['bytes that are no entry', () => Buffer.from('{}')],
    ['no bytes', () => Buffer.alloc(0)],
    ['an entry with a space', (entry) => Buffer.from(entry.toString().replace(',', ', '))],
    ['an entry with one member more', (entry) => withMember(entry, { extra: 1 } as object)],
    ['an entry of 5 kB', (entry) => withMember(entry, { pol: 'x'.repeat(4_000) })],
  ])('gets nothing for %s', async (_lie, change) => {
    const intent = await intentOf();
    intent.entries = intent.entries.map(change);
    await expectNothing(intent, logAndMakeTicket(tenant.log, [intent]), 'not-permitted');
  });
});

function withMember(entry: Buffer, members: Partial<AccessEntry> | object): Buffer {
  return Buffer.from(JSON.stringify({ ...JSON.parse(entry.toString()), ...members }));
}

describe('a proxy that uses a request otherwise than it was meant', () => {
  const day = 86_400;
  const now = () => Math.floor(Date.now() / 1000);

  it.each<[string, () => Promise<Intent>, string]>([
    [
      'another purpose than it covers',
      () => relabelled({ pur: 'TAX-LOCAL' }),
      'request-signature-invalid',
    ],
    [
      'another tenant than it covers',
      () => relabelled({ ten: 't-zzz' }),
      'request-signature-invalid',
    ],
    [
      'a request of a minute ago',
      () => intentOf({ signed: { iat: now() - 61 } }),
      'request-signature-invalid',
    ],
    [
      'a request of tomorrow',
      () => intentOf({ signed: { iat: now() + day } }),
      'request-signature-invalid',
    ],
    [
      'a request to do something else',
      () => intentOf({ signed: { operation: 'find' }, entry: { op: 'disclose' } }),
      'request-signature-invalid',
    ],
    [
      'a request for the number in use, logged as one for a superseded one',
      () => intentOf({ entry: { op: 'disclose-superseded' } }),
      'not-permitted',
    ],
    [
      'a request for a superseded number, logged as one for the number in use',
      () => intentOf({ signed: { operation: 'disclose-superseded' } }),
      'not-permitted',
    ],
    [
      'a request of another client with this one’s certificate',
      signedByAnother,
      'request-signature-invalid',
    ],
    ['a request that nobody signed', unsigned, 'request-signature-invalid'],
  ])('gets nothing for %s', async (_lie, make, outcome) => {
    const intent = await make();
    await expectNothing(intent, logAndMakeTicket(tenant.log, [intent]), outcome);
  });

  /** The payload is changed, entries and hash are made to fit, the signature stays. */
  async function relabelled(members: object): Promise<Intent> {
    const honest = await intentOf();
    const [header = '', payload = '', signature = ''] = honest.request.split('.');
    const read = JSON.parse(Buffer.from(payload, 'base64url').toString()) as object;
    const changed = Buffer.from(JSON.stringify({ ...read, ...members })).toString('base64url');
    return fitted(honest, `${header}.${changed}.${signature}`, members);
  }

  async function signedByAnother(): Promise<Intent> {
    const stranger = world.client('stranger', tenant.tenantId);
    const foreign = await makeIntent(stranger, {
      tenant: tenant.tenantId,
      recordIds: [one.recordId],
    });
    return fitted(await intentOf({ rid: foreign.rid }), foreign.request, {});
  }

  async function unsigned(): Promise<Intent> {
    const honest = await intentOf();
    return fitted(honest, `${honest.request.split('.').slice(0, 2).join('.')}.`, {});
  }
});

/** An intent whose entries say what another request says. */
function fitted(
  intent: Intent,
  request: string,
  { pur, ten }: { pur?: string; ten?: string },
): Intent {
  const rqh = sha256(request);
  const members = { rqh, ...(pur && { pur }), ...(ten && { ten }) };
  return { ...intent, request, entries: intent.entries.map((entry) => withMember(entry, members)) };
}

describe('a proxy that acts for somebody who did not ask', () => {
  it.each<[string, () => Promise<Partial<IntentOptions>>, string]>([
    ['a token for another audience', () => claims({ aud: 'another-service' }), 'token-invalid'],
    ['a token of another issuer', () => claims({ iss: 'https://other.test' }), 'token-invalid'],
    [
      'a token that has expired',
      () => claims({ iat: 1_700_000_000, exp: 1_700_000_300 }),
      'token-invalid',
    ],
    [
      'a token bound to another certificate',
      () => claims({ cnf: { 'x5t#S256': other.client.x5t } }),
      'token-invalid',
    ],
    ['a token that is not bound', () => claims({ cnf: {} }), 'token-invalid'],
    ['a token of the client itself', () => claims({ sub: 'payroll' }), 'operator-required'],
    [
      'a token without the right to numbers',
      () => claims({ scope: 'record:read' }),
      'scope-missing',
    ],
    ['a token for another tenant', () => claims({ tenant: other.tenantId }), 'not-permitted'],
    ['no token', () => Promise.resolve({ token: '' }), 'token-invalid'],
  ])('gets nothing for %s', async (_lie, options, outcome) => {
    const intent = await intentOf(await options());
    await expectNothing(intent, logAndMakeTicket(tenant.log, [intent]), outcome);
  });

  it('gets nothing with the certificate of a client that has expired', async () => {
    const late = world.client('late', tenant.tenantId, { certificateDays: -1 });
    const intent = await makeIntent(late, { tenant: tenant.tenantId, recordIds: [one.recordId] });
    await expectNothing(intent, logAndMakeTicket(tenant.log, [intent]), 'token-invalid');
  });

  it('gets nothing with a certificate that is none', async () => {
    const intent = { ...(await intentOf()), certificate: 'AAAA' };
    await expectNothing(intent, logAndMakeTicket(tenant.log, [intent]), 'token-invalid');
  });

  async function claims(changed: JWTPayload): Promise<Partial<IntentOptions>> {
    return { token: await tenant.client.token(changed) };
  }
});
