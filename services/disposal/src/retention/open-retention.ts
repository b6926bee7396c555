import type { RequestHandler } from 'express';
import type { Kysely } from 'kysely';
import type { LegalDay } from '@mnv/bango-ho';
import type { Clock } from '@mnv/core';
import { safeFacts } from '@mnv/service-kit';
import type { HeadRoom, Logger, Repeated, ServiceClient } from '@mnv/service-kit';
import type { DisposalDatabase } from '../database.ts';
import { retentionDatabase } from './database.ts';
import { carriedRoutes } from './carried/carried.routes.ts';
import { decisionRoutes } from './decisions/decisions.routes.ts';
import { dueRoutes } from './due/due.routes.ts';
import { eventRoutes } from './events/events.routes.ts';
import { applyFeedPage, findFeedPosition } from './feed/feed.repository.ts';
import { followRecords } from './feed/follow-records.ts';
import { makeReadFeed } from './feed/record-feed.ts';
import { holdRoutes } from './holds/holds.routes.ts';
import type { HoldRouteDependencies } from './holds/holds.routes.ts';
import type { SignedHoldDependencies } from './holds/require-signed-hold.ts';
import { tellOfTenant, tellingHolds } from './holds/tell-vault.ts';
import { jobRoutes } from './jobs/jobs.routes.ts';
import { keepLivesCurrent } from './jobs/keep-lives-current.ts';
import { openNightly } from './jobs/open-nightly.ts';
import { adoptionRoutes } from './law/adoptions.routes.ts';
import { lawRoutes } from './law/law.routes.ts';
import { lifeRoutes } from './life/lives.routes.ts';
import { openReminders } from './reminders/open-reminders.ts';
import type { ReminderChannel } from './reminders/reminder.ts';
import { forgettingCourses } from './refusals/forget-courses.ts';
import { refusalRoutes } from './refusals/refusals.routes.ts';
import type { RecordAct, RetentionRouteDependencies } from './retention-act.ts';
import { registerRoutes } from './registers/registers.routes.ts';
import { retentionStore } from './retention-store.ts';
import { subcontractorRoutes } from './subcontractors/subcontractors.routes.ts';

export type RetentionDependencies = {
  db: Kysely<DisposalDatabase>;
  /** The same database, for lists and counts over a whole tenant. */
  patient: Kysely<DisposalDatabase>;
  vault: ServiceClient;
  recordAct: RecordAct;
  denyAct: SignedHoldDependencies['denyAct'];
  /** What fills the database waits for room in it. */
  headRoom: Pick<HeadRoom, 'whenRoom'>;
  log: Logger;
  /** How people are reminded; undefined: not at all. */
  reminderChannel: ReminderChannel | undefined;
  /** The legal day, Asia/Tokyo. */
  today(): LegalDay;
  clock: Clock;
};

export type Retention = {
  routes: RequestHandler[];
  /**
   * Throws Refusal `held` while a legal hold covers a record of a disposal, `disposal-conflict` when one that was
   * due when it was drafted is needed again.
   */
  requireNotKept(disposal: { tenantId: string; disposalId: string }): Promise<void>;
  /** What it does by itself; not started. */
  jobs: Repeated[];
};

/** Wires how long numbers live: what people tell, what the law says of it, and what is due. */
export function openRetention({
  db: disposal,
  patient,
  vault,
  recordAct,
  denyAct,
  headRoom,
  log,
  reminderChannel,
  today,
  clock,
}: RetentionDependencies): Retention {
  const db = retentionDatabase(disposal);
  const databases = { db, patient: retentionDatabase(patient) };
  const store = withRoom(retentionStore(databases, today), headRoom);
  const telling = {
    vault,
    log,
    listTenants: store.jobs.listTenants,
    holdsToTell: store.holds.holdsToTell,
  };
  /** A hold stands here whether or not the vault can be told at once. */
  const tellVault = (tenantId: string) =>
    tellOfTenant(telling, tenantId).catch((error: unknown) => {
      log.warn('legal holds not told to the vault', safeFacts(error));
      return false;
    });
  return {
    routes: retentionRoutes({ store, recordAct, denyAct, tellVault, today, clock }),
    requireNotKept: async (disposal) => {
      await store.requireNotHeld(disposal);
      await store.requireStillDue(disposal);
    },
    jobs: [
      followRecords({
        readFeed: makeReadFeed(vault),
        findPosition: () => findFeedPosition(db),
        applyPage: (after, page) => applyFeedPage(db, after, page),
        log,
      }),
      keepLivesCurrent({ ...store.jobs, log }),
      tellingHolds(telling),
      forgettingCourses({
        listTenants: store.jobs.listTenants,
        forgetCourses: store.refusals.forgetCourses,
        log,
      }),
      openNightly({ db, work: store.jobs, log, today }),
      ...(reminderChannel
        ? [openReminders({ store: store.reminders, channel: reminderChannel, log })]
        : []),
    ],
  };
}

type Store = ReturnType<typeof retentionStore>;

function withRoom(store: Store, { whenRoom }: Pick<HeadRoom, 'whenRoom'>): Store {
  const due = { ...store.due, makeDryRun: whenRoom(store.due.makeDryRun) };
  const law = { ...store.law, loadTable: whenRoom(store.law.loadTable) };
  const refusals = { ...store.refusals, recordStep: whenRoom(store.refusals.recordStep) };
  return { ...store, due, law, refusals, tellEvents: whenRoom(store.tellEvents) };
}

/** Everything people ask of retention, over its store. */
export function retentionRoutes({
  store,
  ...door
}: RetentionRouteDependencies &
  SignedHoldDependencies &
  Pick<HoldRouteDependencies, 'tellVault'> & { store: Store }): RequestHandler[] {
  return [
    eventRoutes({ ...door, tellEvents: store.tellEvents }),
    lifeRoutes({ ...door, showLife: store.showLife }),
    decisionRoutes({ ...door, ...store.decisions }),
    holdRoutes({ ...door, ...store.holds }),
    dueRoutes({ ...door, ...store.due }),
    lawRoutes({ ...door, ...store.law }),
    adoptionRoutes({ ...door, ...store.law }),
    refusalRoutes({ ...door, ...store.refusals }),
    jobRoutes({ ...door, listRuns: store.listRuns }),
    registerRoutes({ ...door, ...store.registers }),
    carriedRoutes({ ...door, ...store.registers }),
    subcontractorRoutes({ ...door, ...store.registers }),
  ];
}
