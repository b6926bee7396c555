import type { Kysely } from 'kysely';
import type { DocumentMetadata, DocumentPeriod } from '@mnv/core';
import { Refusal } from '@mnv/core';
import { withTenant } from '@mnv/service-kit';
import type { VaultDatabase } from '../database.ts';
import { documentMetadata, documentPeriod } from './document-metadata.ts';
import {
  documentsOf,
  findKeepDays,
  insertKeepDays,
  purgedDocuments,
  recordExists,
} from './identity-document.repository.ts';

/** What is known of the copies of a tenant, as of a legal day. */
export type StoredDocuments = {
  /** Throws Refusal `record-not-found`. */
  list(of: { tenantId: string; recordId: string; today: string }): Promise<DocumentMetadata[]>;
  purged(of: {
    tenantId: string;
    after: string | undefined;
    limit: number;
    today: string;
  }): Promise<DocumentMetadata[]>;
  period(of: { tenantId: string; today: string }): Promise<DocumentPeriod>;
  setPeriod(of: {
    tenantId: string;
    keepDays: number;
    setBy: string;
    today: string;
  }): Promise<DocumentPeriod>;
};

export function storedDocuments(db: Kysely<VaultDatabase>): StoredDocuments {
  return {
    list: ({ tenantId, recordId, today }) =>
      withTenant(db, tenantId, async (trx) => {
        if (!(await recordExists(trx, { tenantId, recordId })))
          throw new Refusal('record-not-found', 'The tenant has no such record.');
        const { keepDays } = documentPeriod(await findKeepDays(trx, tenantId), today);
        const rows = await documentsOf(trx, { tenantId, recordId });
        return rows.map((row) => documentMetadata(row, keepDays));
      }),
    purged: ({ tenantId, after, limit, today }) =>
      withTenant(db, tenantId, async (trx) => {
        const { keepDays } = documentPeriod(await findKeepDays(trx, tenantId), today);
        const rows = await purgedDocuments(trx, { tenantId, after, limit });
        return rows.map((row) => documentMetadata(row, keepDays));
      }),
    period: ({ tenantId, today }) =>
      withTenant(db, tenantId, async (trx) =>
        documentPeriod(await findKeepDays(trx, tenantId), today),
      ),
    setPeriod: ({ today, ...chosen }) =>
      withTenant(db, chosen.tenantId, async (trx) => {
        await insertKeepDays(trx, chosen);
        return documentPeriod(chosen.keepDays, today);
      }),
  };
}
