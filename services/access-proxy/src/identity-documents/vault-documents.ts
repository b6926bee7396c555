import type { DocumentMetadata, DocumentPeriod } from '@mnv/core';
import type { Caller, ServiceClient } from '@mnv/service-kit';
import { makeAskForTenant } from '../records/vault-records.ts';

const COPY_DEADLINE_MS = 8_000;

export type PurgedPage = { documents: DocumentMetadata[]; next?: string };

/** The vault's copies of identity documents, but for their contents. What it refuses is thrown with its code. */
export type VaultDocuments = {
  add(
    caller: Caller,
    copy: { rid: string; recordId: string; key: string; document: unknown },
  ): Promise<DocumentMetadata>;
  list(
    caller: Caller,
    wanted: { rid: string; recordId: string },
  ): Promise<{ documents: DocumentMetadata[] }>;
  purged(caller: Caller, page: { rid: string; after?: string }): Promise<PurgedPage>;
  /** Sets the days first, where any are given. */
  period(caller: Caller, period: { rid: string; keepDays?: number }): Promise<DocumentPeriod>;
};

export function makeVaultDocuments(vault: ServiceClient): VaultDocuments {
  const ask = makeAskForTenant(vault);
  const base = '/internal/identity-documents';
  return {
    add: async (caller, copy) =>
      (await ask(`${base}/add`, caller, copy, COPY_DEADLINE_MS)) as DocumentMetadata,
    list: async (caller, wanted) =>
      (await ask(`${base}/list`, caller, wanted)) as { documents: DocumentMetadata[] },
    purged: async (caller, page) => (await ask(`${base}/purged`, caller, page)) as PurgedPage,
    period: async (caller, period) =>
      (await ask(`${base}/period`, caller, period)) as DocumentPeriod,
  };
}
