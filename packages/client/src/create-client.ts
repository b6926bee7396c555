import { createPrivateKey } from 'node:crypto';
import type { Clock, RecordMetadata, Subject } from '@mnv/core';
import type { Receipt } from '@mnv/protocol';
import { accessEntries, reportAccess } from './access-report.ts';
import type { AccessReport, IndexedEntry, Period } from './access-report.ts';
import { makeAdministration } from './administration.ts';
import type { Administration } from './administration.ts';
import { makeCall } from './authorised-call.ts';
import type { Call } from './authorised-call.ts';
import { checkAgainst } from './check-receipt.ts';
import { openConnection } from './connection.ts';
import type { Connection, Identity } from './connection.ts';
import { disclose } from './disclose.ts';
import type { DiscloseContext, DisclosureAsk } from './disclose.ts';
import type { Disposals } from './disposal.ts';
import { makeDisposals } from './disposals.ts';
import { exportRegister, readAccessList } from './export-register.ts';
import type { AccessListEntry, AskedRegister } from './export-register.ts';
import { discloseAll } from './disclose-all.ts';
import type { DiscloseAllOptions } from './disclose-all.ts';
import type { BatchDisclosure, DisclosedNumber } from './disclosure.ts';
import { makeIdentityDocuments } from './identity-documents.ts';
import type { IdentityDocuments } from './identity-documents.ts';
import { makeControlLogReader, makeLogReader } from './log-reader.ts';
import type { ReadLogPath } from './log-reader.ts';
import type { NewRecord } from './number-record.ts';
import { changeNumber } from './change-number.ts';
import type { NumberChange } from './change-number.ts';
import { findRecords, findSuperseded, getRecord } from './read-records.ts';
import { readReleases } from './read-releases.ts';
import type { RememberedRelease } from './read-releases.ts';
import { makeRefusals } from './refusals.ts';
import type { Refusals } from './refusals.ts';
import { makeRetention } from './make-retention.ts';
import type { Retention } from './retention.ts';
import { DEFAULT_RETRY } from './retry.ts';
import type { RetryPolicy } from './retry.ts';
import { findDuplicates } from './find-duplicates.ts';
import type { Duplicates } from './find-duplicates.ts';
import { prepareDuplicateCheck } from './prepare-duplicate-check.ts';
import type { DuplicateCheckProgress } from './prepare-duplicate-check.ts';
import { storeChunk, storeRecord, storeRecords } from './store-records.ts';
import type { StoreOptions, Stored, StoredRecord } from './store-records.ts';
import { makeTokenKeeper } from './token-keeper.ts';
import type { TokenSource } from './token-source.ts';

export type ClientOptions = Identity & {
  /** `https://host:port` of the access proxy. */
  proxyOrigin: string;
  /** The same of the disposal service, for who has to do with disposals. */
  disposalOrigin?: string;
  tenant: string;
  token: TokenSource;
  /** The text of a tlog-policy file with the keys of the access logs: every receipt is checked on arrival. */
  trustPolicy?: string;
  retry?: Partial<RetryPolicy>;
  connections?: number;
  clock?: Clock;
};

/** What can be done for one tenant. */
export type Client = {
  tenant: string;
  storeRecord: (
    record: NewRecord,
    options?: Pick<StoreOptions, 'idempotencyKey'>,
  ) => Promise<Stored>;
  storeRecords: (
    records: AsyncIterable<NewRecord> | Iterable<NewRecord>,
    options?: StoreOptions,
  ) => AsyncGenerator<StoredRecord>;
  storeChunk: (records: readonly NewRecord[], idempotencyKey: string) => Promise<StoredRecord[]>;
  /** Before storing many records: their numbers can then be compared from the first on. */
  prepareDuplicateCheck: () => AsyncGenerator<DuplicateCheckProgress>;
  /** Numbers held for several people, as the last sweep at night found them. */
  findDuplicates: () => Promise<Duplicates>;
  /** Another number of an individual: a new record holds it, and the one named is superseded. */
  changeNumber: (change: NumberChange, idempotencyKey?: string) => Promise<Stored>;
  findRecords: (wanted: { individualRef: string; subject?: Subject }) => Promise<RecordMetadata[]>;
  /** Records whose number is no more in use, each with the one that superseded it. */
  findSuperseded: (wanted: {
    individualRef: string;
    subject?: Subject;
  }) => Promise<RecordMetadata[]>;
  getRecord: (recordId: string) => Promise<RecordMetadata>;
  disclose: (
    ask: DisclosureAsk,
  ) => Promise<DisclosedNumber & { requestId: string; receipt: Receipt }>;
  discloseAll: (
    recordIds: AsyncIterable<string> | Iterable<string>,
    options: DiscloseAllOptions,
  ) => AsyncGenerator<BatchDisclosure>;
  accessEntries: (period?: Partial<Period> & { limit?: number }) => AsyncGenerator<IndexedEntry>;
  reportAccess: (period: Period) => Promise<AccessReport>;
  /** Who could handle the tenant’s numbers in a period of legal days. */
  accessList: (period: Period) => Promise<AccessListEntry[]>;
  /** A register as a document, part by part; most are the disposal service’s. */
  exportRegister: (asked: AskedRegister) => AsyncGenerator<Uint8Array, void, void>;
  /** What the vault remembers of its releases, to compare with the log. */
  readReleases: () => AsyncGenerator<RememberedRelease>;
  readLog: ReadLogPath;
  /** The vault's control log: for people of the operator company. */
  readControlLog: ReadLogPath;
  administration: Administration;
  /** Copies of identity documents (本人確認書類の写し). */
  identityDocuments: IdentityDocuments;
  /** Over the disposal service: throws when its address was not given. */
  disposals: Disposals;
  /** The same. */
  retention: Retention;
  /** The same. */
  refusals: Refusals;
  /** The same connections and identity for another tenant. Closing either closes both. */
  forTenant: (tenant: string) => Client;
  close: () => Promise<void>;
};

/**
 * A client of the access proxy for one tenant. `certificate` and `key` (PEM) prove the system; `token` proves
 * on whose authority it acts. Close it when done.
 */
export function createClient(options: ClientOptions): Client {
  const clock = options.clock ?? Date.now;
  const { ca, certificate, key, proxyOrigin: origin, connections = 32 } = options;
  const connection = openConnection({ origin, identity: { ca, certificate, key }, connections });
  const tokens = makeTokenKeeper(options.token, clock);
  const second = openDisposalService(options);
  const shared = {
    call: makeCall({ connection, tokens, clock }),
    callDisposal: makeCall({ connection: second, tokens, clock }),
    retry: { ...DEFAULT_RETRY, ...options.retry },
    clock,
    signingKey: createPrivateKey(key),
    checkReceipt:
      options.trustPolicy === undefined ? () => undefined : checkAgainst(options.trustPolicy),
  };
  const close = async () => void (await Promise.all([connection.close(), second.close()]));
  return clientOf(shared, { tenant: options.tenant, close });
}

/** Connections are made when they are needed; without an address every use of them is refused. */
function openDisposalService(options: ClientOptions): Connection {
  const { ca, certificate, key, disposalOrigin: origin } = options;
  if (origin !== undefined)
    return openConnection({ origin, identity: { ca, certificate, key }, connections: 4 });
  return {
    send: () => Promise.reject(new TypeError('the client was made without a disposalOrigin')),
    close: () => Promise.resolve(),
  };
}

function clientOf(
  shared: Omit<DiscloseContext, 'tenant'> & { callDisposal: Call },
  own: { tenant: string; close: () => Promise<void> },
): Client {
  const context = { ...shared, tenant: own.tenant };
  return {
    tenant: own.tenant,
    storeRecord: (record, options) => storeRecord(context, record, options),
    storeRecords: (records, options) => storeRecords(context, records, options),
    storeChunk: (records, idempotencyKey) => storeChunk(context, records, idempotencyKey),
    prepareDuplicateCheck: () => prepareDuplicateCheck(context),
    findDuplicates: () => findDuplicates(context),
    changeNumber: (change, idempotencyKey) => changeNumber(context, change, idempotencyKey),
    findRecords: (wanted) => findRecords(context, wanted),
    findSuperseded: (wanted) => findSuperseded(context, wanted),
    getRecord: (recordId) => getRecord(context, recordId),
    disclose: (ask) => disclose(context, ask),
    discloseAll: (recordIds, options) => discloseAll(context, recordIds, options),
    accessEntries: (period = {}) => accessEntries(context, period),
    reportAccess: (period) => reportAccess(context, period),
    accessList: (period) => readAccessList(context, period, own.tenant),
    exportRegister: (asked) => exportRegister(context, asked),
    readReleases: () => readReleases(context),
    readLog: makeLogReader(context),
    readControlLog: makeControlLogReader(context),
    administration: makeAdministration(context),
    identityDocuments: makeIdentityDocuments(context),
    disposals: makeDisposals({ ...context, call: shared.callDisposal }),
    retention: makeRetention({ ...context, call: shared.callDisposal }),
    refusals: makeRefusals({ ...context, call: shared.callDisposal }),
    forTenant: (tenant) => clientOf(shared, { ...own, tenant }),
    close: own.close,
  };
}
