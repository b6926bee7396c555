import type { Kysely } from 'kysely';
import { isVerifiedByEmployer, lastDayOfImage } from '@mnv/bango-ho';
import type { Clock, ProblemCode } from '@mnv/core';
import { legalDayOf } from '@mnv/core';
import type { ReleasedDocument } from '@mnv/protocol';
import { withTenant } from '@mnv/service-kit';
import type { ConsumedRecord } from '../answer-records.ts';
import type { VaultDatabase } from '../database.ts';
import { refusalCode } from '../judge-request.ts';
import type { DocumentKeys } from './document-key.ts';
import { documentPeriod } from './document-metadata.ts';
import { findDocument, findKeepDays } from './identity-document.repository.ts';

type AnswerDependencies = { db: Kysely<VaultDatabase>; keys: DocumentKeys; clock: Clock };

/**
 * Answers requests for copies of identity documents: each names its record, then the copy. What forbids the number
 * of the record forbids its copies; the one exception is a number that was superseded, for the individual is the
 * same. A copy whose days are over is purged for whoever asks, whether or not the job has come to it, unless a legal
 * hold keeps it.
 */
export function makeAnswerDocuments(deps: AnswerDependencies) {
  return async (tenantId: string, consumed: ConsumedRecord[]): Promise<ReleasedDocument[]> => {
    const answers: ReleasedDocument[] = [];
    for (const pair of Map.groupBy(consumed, ({ record }) => record.rid).values())
      answers.push(...(await answerPair(tenantId, pair, deps)));
    return answers;
  };
}

async function answerPair(
  tenantId: string,
  pair: ConsumedRecord[],
  deps: AnswerDependencies,
): Promise<ReleasedDocument[]> {
  const [ofRecord, ofDocument, ...more] = pair;
  if (!ofRecord || !ofDocument || more.length > 0) return refuseAll(pair, 'invalid-request');
  const problem = problemOfRecord(ofRecord);
  if (problem) return refuseAll(pair, problem);
  try {
    const { recordId } = ofRecord.record;
    const place = { tenantId, recordId, documentId: ofDocument.record.recordId };
    const copy = await openCopy(place, ofRecord.purpose, deps);
    return 'problem' in copy ? refuseAll(pair, copy.problem) : [{}, copy];
  } catch (error) {
    return refuseAll(pair, refusalCode(error));
  }
}

function problemOfRecord({ record, purpose }: ConsumedRecord): ProblemCode | undefined {
  if (record.disposed) return 'already-disposed';
  if (!record.sealed) return 'record-not-found';
  return record.purposes.includes(purpose) ? undefined : 'purpose-not-permitted';
}

/** Frozen since the request was consumed is as good as before. */
async function openCopy(
  place: { tenantId: string; recordId: string; documentId: string },
  purpose: string,
  { db, keys, clock }: AnswerDependencies,
): Promise<{ mediaType: string; content: string } | { problem: ProblemCode }> {
  const today = legalDayOf(clock());
  return withTenant(db, place.tenantId, async (trx) => {
    const found = await findDocument(trx, place);
    if (!found) return { problem: 'document-not-found' };
    if (found.disposed) return { problem: 'already-disposed' };
    const { subject, countedFrom, sealed, mediaType, position, held } = found;
    if (!isVerifiedByEmployer({ purpose, subject, on: today }))
      return { problem: 'purpose-not-permitted' };
    const { keepDays } = documentPeriod(await findKeepDays(trx, place.tenantId), today);
    const isOver = !held && lastDayOfImage({ countedFrom, keepDays }) < today;
    if (sealed === null || isOver) return { problem: 'document-purged' };
    const bytes = await keys.open({ ...place, position }, sealed, trx);
    const content = bytes.toString('base64');
    bytes.fill(0);
    return { mediaType, content };
  });
}

function refuseAll(pair: ConsumedRecord[], problem: ProblemCode): ReleasedDocument[] {
  return pair.map(() => ({ problem }));
}
