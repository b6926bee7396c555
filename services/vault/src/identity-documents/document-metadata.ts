import { lastDayOfImage, ruleOfImages } from '@mnv/bango-ho';
import type { DocumentMetadata, DocumentPeriod } from '@mnv/core';
import type { DocumentRow } from './identity-document.repository.ts';

/** What is told of a copy by a tenant that keeps them so many days. */
export function documentMetadata(row: DocumentRow, keepDays: number): DocumentMetadata {
  const { documentId, recordId, check, mediaType, bytes, verifiedOn, countedFrom, storedAt } = row;
  const { purgedAt, purgedFor, held } = row;
  return {
    documentId,
    recordId,
    check,
    mediaType,
    bytes,
    storedAt: storedAt.toISOString(),
    ...(verifiedOn !== null && { verifiedOn }),
    keptUntil: lastDayOfImage({ countedFrom, keepDays }),
    ...(held && purgedAt === null && { held: true as const }),
    ...(purgedAt !== null &&
      purgedFor !== null && { purged: { at: purgedAt.toISOString(), because: purgedFor } }),
  };
}

/** How long copies are kept: what the tenant chose, or as long as the rule of the law table allows. */
export function documentPeriod(chosen: number | undefined, today: string): DocumentPeriod {
  const { code, period, citation, confidence, doubt = null } = ruleOfImages(today);
  const maximumDays = period.count;
  const keepDays = Math.min(chosen ?? maximumDays, maximumDays);
  return { keepDays, maximumDays, rule: code, citation, confidence, doubt };
}
