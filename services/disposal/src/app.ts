import type { KeyObject } from 'node:crypto';
import { Router } from 'express';
import type { Express } from 'express';
import type { Kysely } from 'kysely';
import type { LegalDay } from '@mnv/bango-ho';
import type { Clock } from '@mnv/core';
import type {
  HeadRoom,
  Logger,
  Metrics,
  Repeated,
  ServiceClient,
  VerifyAccessToken,
  WitnessClient,
} from '@mnv/service-kit';
import {
  authenticate,
  createApp as createExpressApp,
  healthRoutes,
  metricsRoutes,
  safeFacts,
} from '@mnv/service-kit';
import type { Policy } from '@mnv/transparency-log';
import { makeActs } from './acts/record-act.ts';
import { makeNoteFailedAttempt, makeWriteEntries } from './acts/write-entries.ts';
import type { DisposalDatabase } from './database.ts';
import { openDisposals } from './disposals/open-disposals.ts';
import { openWatch } from './disposals/open-watch.ts';
import { makeVaultDisposals } from './disposals/vault-disposals.ts';
import { openApiDocument } from './openapi/document.ts';
import { openRegisterExports } from './register-exports/open-register-exports.ts';
import { makeProxyFacts } from './register-exports/proxy-facts.ts';
import { openRetention } from './retention/open-retention.ts';
import type { ReminderChannel } from './retention/reminders/reminder.ts';
import { witnessControlLog } from './witness/witness-control-log.ts';

export type AppDependencies = {
  deployment: string;
  db: Kysely<DisposalDatabase>;
  /** The same database, for lists and counts over a whole tenant. */
  patient: Kysely<DisposalDatabase>;
  /** Signs the certificates. */
  signingKey: KeyObject;
  /** By which the vault's control log is known. */
  policy: Policy;
  /** External witnesses of the control log; at least one. */
  witnesses: readonly WitnessClient[];
  proxy: ServiceClient;
  vault: ServiceClient;
  verifyAccessToken: VerifyAccessToken;
  log: Logger;
  metrics: Metrics;
  headRoom: Pick<HeadRoom, 'whenRoom'>;
  /** How people are reminded of what waits; undefined: not at all. */
  reminderChannel: ReminderChannel | undefined;
  clock: Clock;
  /** The legal day, Asia/Tokyo. */
  today(): LegalDay;
  /** Resolves when what the service needs is there. */
  ready(): Promise<unknown>;
};

export type DisposalService = {
  app: Express;
  /** What the service does by itself; not started. */
  jobs: readonly Repeated[];
};

/** Wires the service. Listens to nothing. */
export function createApp(deps: AppDependencies): DisposalService {
  const { deployment, db, policy, signingKey, log, headRoom, clock } = deps;
  const acts = makeActs(makeWriteEntries(deps.proxy), (error) =>
    log.warn('a refusal was not written down', safeFacts(error)),
  );
  const vault = makeVaultDisposals(deps.vault);
  const witness = witnessControlLog({ ...deps, log });
  const retention = openRetention({
    db,
    patient: deps.patient,
    reminderChannel: deps.reminderChannel,
    vault: deps.vault,
    recordAct: acts.record,
    denyAct: acts.deny,
    headRoom,
    log,
    today: deps.today,
    clock,
  });
  const { requireNotKept } = retention;
  const disposals = openDisposals({
    db,
    vault,
    acts,
    requireNotKept,
    headRoom,
    log,
    clock,
    today: deps.today,
  });
  const { look } = disposals;
  const watching = openWatch({
    db,
    vault,
    look,
    requireNotKept,
    witness,
    policy,
    signingKey,
    log,
    clock,
  });
  const openApi = openApiDocument();
  const handlers = [
    deps.metrics.observe,
    healthRoutes([deps.ready]),
    metricsRoutes(deps.metrics, deployment),
    Router().get('/openapi.json', (_req, res) => void res.json(openApi)),
    authenticate({
      verifyAccessToken: deps.verifyAccessToken,
      noteFailedAttempt: makeNoteFailedAttempt(deps.proxy),
    }),
    disposals.routes,
    ...retention.routes,
    openRegisterExports({
      patient: deps.patient,
      proxy: makeProxyFacts(deps.proxy),
      recordAct: acts.record,
      today: deps.today,
      clock,
    }),
  ];
  const jobs = [watching, witness.following, ...retention.jobs];
  return { app: createExpressApp({ log, handlers }), jobs };
}
