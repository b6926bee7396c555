import type { ProblemCode, RecordMetadata, StoreWarning, Subject } from '@mnv/core';
import { Refusal } from '@mnv/core';
import type { Caller, ServiceClient } from '@mnv/service-kit';
import { problemCodeOf, problemFactsOf } from '@mnv/service-kit';

const CALL_DEADLINE_MS = 1_500;
const CHUNK_DEADLINE_MS = 8_000;

export type StoreChunk = {
  tenantId: string;
  rid: string;
  route: 'records' | 'records/batch';
  lines: { key: string; record: unknown }[];
};
export type StoredRecord = { recordId: string; warning?: StoreWarning };
export type StoredLine = StoredRecord | { problem: ProblemCode; detail?: string };

/** A record whose number another person's record holds as well: the one with the same `holders`. */
export type DuplicateRecord = { recordId: string; holders: string };

export type DuplicatesPage = {
  comparedBefore?: string;
  compared: number;
  count: number;
  records: DuplicateRecord[];
};

/** How many of the tenant's numbers are comparable; `missing`: they will not be, for now. */
export type DuplicateCheckProgress = {
  state: 'building' | 'ready' | 'missing';
  opened: number;
  of: number;
};

/** What is known of an individual: records that hold the number in use, and those they superseded. */
export type FoundRecords = { records: RecordMetadata[]; superseded: RecordMetadata[] };

/** The vault's records, asked on behalf of a person. What the vault refuses is thrown with its code. */
export type VaultRecords = {
  createTenant(caller: Caller, tenant: { tenantId: string; logOrigin: string }): Promise<void>;
  store(caller: Caller, chunk: StoreChunk): Promise<StoredLine[]>;
  /** Answers the record that holds the number from now on. */
  changeNumber(
    caller: Caller,
    change: { rid: string; recordId: string; key: string; change: unknown },
  ): Promise<StoredRecord>;
  /** Begins to make the tenant's numbers comparable, or tells how far that is. */
  prepareDuplicateCheck(caller: Caller, act: { rid: string }): Promise<DuplicateCheckProgress>;
  /** What the last sweep found, behind a record of the page before. */
  readDuplicates(
    caller: Caller,
    page: { rid: string; after?: DuplicateRecord; limit: number },
  ): Promise<DuplicatesPage>;
  find(
    caller: Caller,
    wanted: { rid: string; individualRef: string; subject?: Subject },
  ): Promise<FoundRecords>;
  read(caller: Caller, wanted: { rid: string; recordId: string }): Promise<RecordMetadata>;
};

type Ask = (path: string, caller: Caller, body: object, deadlineMs?: number) => Promise<unknown>;

/** Asks the vault on behalf of a person; what it refuses is thrown with its code. */
function makeAsk(vault: ServiceClient): Ask {
  return async (path, caller, body, deadlineMs = CALL_DEADLINE_MS) => {
    const evidence = {
      token: caller.tokenText,
      certificate: caller.certificate.toString('base64'),
    };
    const answer = await vault.json(path, { ...evidence, ...body }, { deadlineMs });
    if (answer.status < 300) return answer.body;
    // The vault's own refusals are made for the caller; anything else is the vault not answering.
    const code = problemCodeOf(answer.body);
    if (code) {
      const { detail = '' } = answer.body as { detail?: string };
      throw new Refusal(code, detail, problemFactsOf(answer.body));
    }
    throw new Refusal('vault-unavailable', 'The vault did not answer.');
  };
}

/** The same about the person's own tenant. */
export function makeAskForTenant(vault: ServiceClient): Ask {
  const ask = makeAsk(vault);
  return (path, caller, body, deadlineMs) =>
    ask(path, caller, { tenantId: caller.token.tenant, ...body }, deadlineMs);
}

export function makeVaultRecords(vault: ServiceClient): VaultRecords {
  const ask = makeAsk(vault);
  const askForTenant = makeAskForTenant(vault);

  return {
    async createTenant(caller, tenant) {
      await ask('/internal/tenants', caller, tenant);
    },
    async store(caller, chunk) {
      const answer = await ask('/internal/records', caller, chunk, CHUNK_DEADLINE_MS);
      return (answer as { lines: StoredLine[] }).lines;
    },
    changeNumber: async (caller, change) =>
      (await askForTenant('/internal/number-changes', caller, change)) as StoredRecord,
    prepareDuplicateCheck: async (caller, act) =>
      (await askForTenant('/internal/duplicate-check', caller, act)) as DuplicateCheckProgress,
    readDuplicates: async (caller, page) =>
      (await askForTenant('/internal/duplicates', caller, page)) as DuplicatesPage,
    find: async (caller, wanted) =>
      (await askForTenant('/internal/records/find', caller, wanted)) as FoundRecords,
    read: async (caller, wanted) =>
      (await askForTenant('/internal/records/read', caller, wanted)) as RecordMetadata,
  };
}
