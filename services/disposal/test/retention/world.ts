import { createPrivateKey, randomUUID } from 'node:crypto';
import type { Subject } from '@mnv/core';
import { Refusal, legalDayOf } from '@mnv/core';
import { createAuthority } from '@mnv/pki';
import {
  HOLD_CASE,
  holdChangeCount,
  holdChangeDigest,
  ruleOf,
  signBatchRequest,
} from '@mnv/protocol';
import type { BatchRequestToSign, HoldChange } from '@mnv/protocol';
import {
  authenticate,
  createApp,
  createKysely,
  createLogger,
  createMutualServer,
  createPool,
  createTokenVerifier,
  requireScope,
} from '@mnv/service-kit';
import { createTestDatabase } from '@mnv/testing';
import winston from 'winston';
import { applyFeedPage, findFeedPosition } from '../../src/retention/feed/feed.repository.ts';
import { followOnce } from '../../src/retention/feed/follow-records.ts';
import type { RecordFeedEvent } from '../../src/retention/feed/record-feed.ts';
import { computeChanged } from '../../src/retention/jobs/keep-lives-current.ts';
import { retentionRoutes } from '../../src/retention/open-retention.ts';
import type { RecordAct, RetentionAct } from '../../src/retention/retention-act.ts';
import { retentionStore } from '../../src/retention/retention-store.ts';
import { certificatesBeside } from './certificates-beside.ts';
import { registersBeside } from './registers-beside.ts';
import { vaultBeside } from './vault-beside.ts';
import type { Answer } from './caller.ts';
import { AUDIENCE, ISSUER, identityFor, makeCallers, send } from './caller.ts';

const ALL_SCOPES =
  'number:write record:read report:read disposal:request disposal:approve hold:write';

type SignedChange = { signs: HoldChange; scope?: string } & Partial<
  Omit<BatchRequestToSign, 'rid' | 'batchHash'>
>;

export type World = Awaited<ReturnType<typeof createWorld>>;
export type NewRecord = {
  subject?: Subject;
  individualRef?: string;
  relatedRef?: string;
  purposes?: string[];
  tenantId?: string;
};

/** Retention behind its door, over a database of its own; the feed of the vault and the day are in the test’s hands. */
export async function createWorld({
  today = '2026-11-25',
  timeZone,
}: {
  today?: string;
  timeZone?: string;
} = {}) {
  const database = await createTestDatabase('disposal');
  const pool = createPool({
    setting: 'TEST',
    connectionString: inTimeZone(database.dsnOf('disposal_service'), timeZone),
    max: 8,
    applicationName: 'disposal',
    // A busy machine is waited for: how soon a service gives up is tried elsewhere.
    acquireMs: 60_000,
    statementMs: 60_000,
  });
  const db = createKysely<object>(pool);
  const authority = createAuthority({ deployment: 'test', profile: 'development' });
  const callers = await makeCallers(authority);
  const clock = { today };
  const acts: RetentionAct[] = [];
  const feed: RecordFeedEvent[] = [];
  const store = retentionStore({ db, patient: db }, () => clock.today);
  const recordAct: RecordAct = (caller, act) => {
    if (caller.token.tenant !== act.tenantId)
      throw new Refusal('not-found', 'There is no such tenant.');
    const { scopes } = ruleOf(act.operation);
    requireScope(caller.token, scopes.find((one) => caller.token.scopes.has(one)) ?? 'admin');
    acts.push(act);
    return Promise.resolve();
  };
  const refusals: string[] = [];
  const denyAct = (_: unknown, act: RetentionAct, { code }: Refusal) => {
    refusals.push(`${act.operation} ${code}`);
    return Promise.resolve();
  };
  const { hears: vaultHears, tellVault, tellOfAll } = vaultBeside(store);
  const log = createLogger({
    service: 'disposal',
    transports: [new winston.transports.Console({ silent: true })],
  });
  const server = createMutualServer({
    identity: {
      current: () => identityFor(authority, 'service/disposal'),
      onRenewal: () => () => undefined,
      close: () => undefined,
    },
    app: createApp({
      log,
      handlers: [
        authenticate({
          verifyAccessToken: createTokenVerifier({
            issuer: ISSUER,
            audience: AUDIENCE,
            jwks: callers.jwks,
          }),
          noteFailedAttempt: () => Promise.resolve(),
        }),
        certificatesBeside(db, recordAct),
        registersBeside(db, { recordAct, today: () => clock.today }),
        ...retentionRoutes({
          store,
          recordAct,
          denyAct,
          tellVault,
          today: () => clock.today,
          clock: Date.now,
        }),
      ],
    }),
    peers: ['spiffe://test/client/*'],
    requirePeer: 'always',
    port: 0,
  });
  const port = await server.listen();

  /** What the feed has beyond the cursor, which counts its events. */
  const readFeed = (after: string | undefined) => {
    const events = feed.slice(Number(after ?? 0), Number(after ?? 0) + 1_000);
    return Promise.resolve({ events, cursor: String(Number(after ?? 0) + events.length) });
  };
  const follow = () =>
    followOnce({
      readFeed,
      findPosition: () => findFeedPosition(db),
      applyPage: (after, page) => applyFeedPage(db, after, page),
    });

  return {
    db,
    pool,
    database,
    store,
    clock,
    acts,
    refusals,
    /** What the vault is told of legal holds; it takes nothing while it answers another status. */
    vaultHears,
    tellVaultOfAll: tellOfAll,
    feed,
    follow,
    compute: () => computeChanged(store.jobs),
    /** Tells the feed of a stored record and follows it. */
    async stored(record: NewRecord = {}): Promise<string> {
      const recordId = randomUUID();
      const { tenantId = 't-001', subject = 'E', purposes = ['TAX-WITHHOLD', 'TAX-BOOK'] } = record;
      feed.push({
        kind: 'stored',
        tenantId,
        recordId,
        at: '2020-04-01T00:00:00Z',
        subject,
        purposes,
        individualRef: record.individualRef ?? `ref-${recordId.slice(0, 8)}`,
        ...(record.relatedRef && { relatedRef: record.relatedRef }),
      });
      await follow();
      return recordId;
    },
    async became(kind: 'frozen' | 'erased' | 'released-from-freeze', recordId: string) {
      feed.push({ kind, tenantId: 't-001', recordId, at: '2026-11-25T00:00:00Z' });
      await follow();
    },
    /** One call as a person, to a path of retention or a whole one; a text body is NDJSON. */
    async call(
      method: 'GET' | 'POST',
      path: string,
      {
        as = 'clerk-1',
        tenant = 't-001',
        scope = ALL_SCOPES,
        body,
        jws,
        accept,
      }: {
        as?: string;
        tenant?: string;
        scope?: string;
        body?: object | string;
        jws?: string;
        accept?: string;
      } = {},
    ): Promise<Answer> {
      const token = await callers.tokenOf(as, tenant, scope);
      const full = path.startsWith('/') ? path : `/v1/tenants/${tenant}/retention/${path}`;
      return send(port, callers.identity, {
        method,
        path: full,
        token,
        ...(body && { body }),
        ...(jws && { jws }),
        ...(accept && { accept }),
      });
    },
    /** A change of a hold as its person signs it. */
    async changeHold(
      path: string,
      body: object,
      { signs, scope, iat = Math.floor(Date.now() / 1000), ...changes }: SignedChange,
    ): Promise<Answer> {
      const about = { tenant: 't-001', operation: 'change-hold', purpose: 'DISPOSAL' };
      const covered = {
        caseId: HOLD_CASE,
        count: holdChangeCount(signs),
        batchHash: holdChangeDigest(signs),
      };
      const request = { rid: randomUUID(), iat, ...about, ...covered, ...changes };
      const jws = signBatchRequest(request, createPrivateKey(callers.identity.key));
      return this.call('POST', path, { body, jws, ...(scope && { scope }) });
    },
    async tell(event: object): Promise<Answer> {
      return this.call('POST', 'events', { body: { id: randomUUID(), ...event } });
    },
    async life(recordId: string, query = '') {
      const answer = await this.call('GET', `records/${recordId}${query}`);
      return answer.body as { number: Record<string, unknown>; held: boolean } & Record<
        string,
        unknown
      >;
    },
    /** Two persons decide a topic. */
    async decide(topic: string, value: string): Promise<void> {
      const body = { topic, value, reason: '社内規程による' };
      const proposed = await this.call('POST', 'decisions', { body });
      const { decisionId } = proposed.body as { decisionId: string };
      const path = `decisions/${decisionId}/confirmations`;
      const { status, text } = await this.call('POST', path, { as: 'clerk-2' });
      if (status >= 300) throw new Error(`not decided: ${text}`);
    },
    realToday: () => legalDayOf(Date.now()),
    async close(): Promise<void> {
      await server.close(100);
      await pool.end();
      await database.drop();
    },
  };
}

/** A database whose administrator set another time zone than UTC. */
function inTimeZone(dsn: string, timeZone: string | undefined): string {
  if (timeZone === undefined) return dsn;
  const url = new URL(dsn);
  url.searchParams.set('options', `-c timezone=${timeZone}`);
  return url.href;
}
