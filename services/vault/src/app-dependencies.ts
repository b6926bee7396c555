import type { KeyObject } from 'node:crypto';
import type { Kysely } from 'kysely';
import type { Pool } from 'pg';
import type { Clock } from '@mnv/core';
import type { RootProvider } from '@mnv/erasure-tree';
import type { HeadRoom, Logger, Metrics, VerifyAccessToken } from '@mnv/service-kit';
import type { Policy } from '@mnv/transparency-log';
import type { VaultDatabase } from './database.ts';
import type { UpkeepTimes } from './open-upkeep.ts';
import type { EpochSettings } from './epoch/epoch-dependencies.ts';
import type { ExportPlace } from './restore/export/export-place.ts';

/** What the vault is wired from. */
export type AppDependencies = {
  deployment: string;
  db: Kysely<VaultDatabase>;
  /** The same database, for the statement whose durability is checked. */
  pool: Pool;
  root: RootProvider;
  /** Signs the control log. */
  controlKey: KeyObject;
  /** Where the key tree and the control log are exported to: at least two, each a failure domain of its own. */
  exportPlaces: readonly ExportPlace[];
  /** Which access logs release numbers. */
  policy: Policy;
  verifyAccessToken: VerifyAccessToken;
  log: Logger;
  metrics: Metrics;
  headRoom: Pick<HeadRoom, 'whenRoom'>;
  /** Names this instance among all: no two that run have the same. */
  instanceId: string;
  epochs: EpochSettings;
  clock: Clock;
  /** When the vault opens numbers by itself; not the usual times in tests alone. */
  upkeep?: UpkeepTimes;
  /** Resolves when what the service needs is there. */
  ready(): Promise<unknown>;
};
