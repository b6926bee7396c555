import { isLegalDay } from './legal-day.ts';
import type { Provenance } from './provenance.ts';
import { CONFIDENCES } from './provenance.ts';

/** What is wrong with where a row comes from; nothing when all is right. */
export function checkProvenance(row: Provenance): string[] {
  return [
    ...(isText(row.citation) ? [] : ['citation is missing']),
    ...checkConfidence(row),
    ...checkReach(row),
  ];
}

function checkConfidence(row: Provenance): string[] {
  if (!CONFIDENCES.includes(row.confidence)) return ['confidence is unknown'];
  return row.confidence === 'needs-check' ? checkUnconfirmed(row) : checkConfirmed(row);
}

function checkConfirmed({ sources, confirmedBy, confirmedAt }: Provenance): string[] {
  return [
    ...(sources?.length > 0 && sources.every(isText) ? [] : ['a confirmed row names no source']),
    ...(isText(confirmedBy) ? [] : ['confirmedBy is missing']),
    ...(confirmedAt !== null && isLegalDay(confirmedAt) ? [] : ['confirmedAt is not a day']),
  ];
}

function checkUnconfirmed({ confirmedBy, confirmedAt, doubt }: Provenance): string[] {
  return [
    ...(confirmedBy === null && confirmedAt === null ? [] : ['needs-check, yet confirmed']),
    ...(isText(doubt) ? [] : ['needs-check, yet no doubt is named']),
  ];
}

function checkReach({ effectiveFrom, effectiveTo }: Provenance): string[] {
  if (!isLegalDay(effectiveFrom)) return ['effectiveFrom is not a day'];
  if (effectiveTo === null) return [];
  if (!isLegalDay(effectiveTo)) return ['effectiveTo is not a day'];
  return effectiveTo < effectiveFrom ? ['effectiveTo is before effectiveFrom'] : [];
}

function isText(text: string | null | undefined): boolean {
  return typeof text === 'string' && text.trim() !== '';
}
