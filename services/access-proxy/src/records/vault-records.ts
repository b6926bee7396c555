import type { ProblemCode, RecordMetadata, StoreWarning, Subject } from '@mnv/core';
import { Refusal } from '@mnv/core';
import type { Caller, ServiceClient } from '@mnv/service-kit';
import { problemCodeOf } from '@mnv/service-kit';

const CALL_DEADLINE_MS = 1_500;
const CHUNK_DEADLINE_MS = 8_000;

export type StoreChunk = {
  tenantId: string;
  rid: string;
  route: 'records' | 'records/batch';
  lines: { key: string; record: unknown }[];
};
export type StoredLine =
  | { recordId: string; warning?: StoreWarning }
  | { problem: ProblemCode; detail?: string };

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

/** The vault's records, asked on behalf of a person. What the vault refuses is thrown with its code. */
export type VaultRecords = {
  createTenant(caller: Caller, tenant: { tenantId: string; logOrigin: string }): Promise<void>;
  store(caller: Caller, chunk: StoreChunk): Promise<StoredLine[]>;
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
  ): Promise<RecordMetadata[]>;
  read(caller: Caller, wanted: { rid: string; recordId: string }): Promise<RecordMetadata>;
};

export function makeVaultRecords(vault: ServiceClient): VaultRecords {
  async function ask(
    path: string,
    caller: Caller,
    body: object,
    deadlineMs = CALL_DEADLINE_MS,
  ): Promise<unknown> {
    const evidence = {
      token: caller.tokenText,
      certificate: caller.certificate.toString('base64'),
    };
    const answer = await vault.json(path, { ...evidence, ...body }, { deadlineMs });
    if (answer.status < 300) return answer.body;
    // The vault's own refusals are made for the caller; anything else is the vault not answering.
    const code = problemCodeOf(answer.body);
    if (code) throw new Refusal(code, (answer.body as { detail?: string }).detail ?? '');
    throw new Refusal('vault-unavailable', 'The vault did not answer.');
  }

  return {
    async createTenant(caller, tenant) {
      await ask('/internal/tenants', caller, tenant);
    },
    async store(caller, chunk) {
      const answer = await ask('/internal/records', caller, chunk, CHUNK_DEADLINE_MS);
      return (answer as { lines: StoredLine[] }).lines;
    },
    async prepareDuplicateCheck(caller, act) {
      const answer = await ask('/internal/duplicate-check', caller, {
        tenantId: caller.token.tenant,
        ...act,
      });
      return answer as DuplicateCheckProgress;
    },
    async readDuplicates(caller, page) {
      const tenantId = caller.token.tenant;
      return (await ask('/internal/duplicates', caller, { tenantId, ...page })) as DuplicatesPage;
    },
    async find(caller, wanted) {
      const answer = await ask('/internal/records/find', caller, {
        tenantId: caller.token.tenant,
        ...wanted,
      });
      return (answer as { records: RecordMetadata[] }).records;
    },
    async read(caller, wanted) {
      const answer = await ask('/internal/records/read', caller, {
        tenantId: caller.token.tenant,
        ...wanted,
      });
      return answer as RecordMetadata;
    },
  };
}
