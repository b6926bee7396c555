import type { Timed } from '../measurement.ts';

/** A server under load. The baselines verify no request, so nothing new is signed for them. */
export type LoadTarget = { origin: string; signed: boolean };

/** Single disclosures of several clients, disclosures in batches, or an import. */
export type LoadWork =
  | { kind: 'singles'; clients: number }
  | { kind: 'batch' }
  | { kind: 'import' };

/** What the load generator can be told to do. */
export type LoadJob = { target: LoadTarget; work: LoadWork; items: number } | 'record-ids';
export type LoadAnswer = { timed: Timed } | { recordIds: string[] };

/** Ids in one chunk of a batch: the most a signed request may cover. */
export const CHUNK_RECORDS = 500;
export const TENANT = 't-001';
export const PURPOSE = 'TAX-WITHHOLD';
export const CASE_ID = 'PAYROLL-2026-12';
