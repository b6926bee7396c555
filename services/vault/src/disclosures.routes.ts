import { Router } from 'express';
import type { RequestHandler } from 'express';
import { z } from 'zod';
import { Refusal } from '@mnv/core';
import type { ReleasedDocument } from '@mnv/protocol';
import { atMost, jsonBody, problemOf } from '@mnv/service-kit';
import type { RecordAnswer } from './answer-records.ts';
import { CHUNK_DEADLINE_MS, answerWithin, deadlineOf } from './answer-within.ts';
import type { InstanceLease } from './instance/instance-lease.ts';
import { CheckpointUnproven } from './log-history.ts';
import type { ReleaseNumbers, RequestAnswer } from './release-numbers.ts';

/** 500 entries of at most 4 kB in base64, and what comes with them. */
const MAX_TICKET_BYTES = 4 * 1024 * 1024;
const MAX_ENTRIES = 500;
/** Each is in memory several times over. */
const DOCUMENTS_AT_ONCE = 4;

const Size = z.int().min(0);
const Hash = z.base64().length(44);
const TicketBody = z.strictObject({
  log: z.string().max(300),
  treeSize: Size,
  checkpoint: z.string().max(2048),
  first: Size,
  entries: z.array(z.string().max(6000)).min(1).max(MAX_ENTRIES),
  proof: z.array(Hash).max(128),
  consistency: z.strictObject({ from: Size, proof: z.array(Hash).max(128) }),
  requests: z
    .array(
      z.strictObject({
        offset: z.int().min(0),
        n: z.int().min(1).max(MAX_ENTRIES),
        token: z.string().max(8192),
        certificate: z.string().max(8192),
        request: z.string().max(2048),
      }),
    )
    .min(1)
    .max(MAX_ENTRIES),
});

/** What an answer with numbers needs when it leaves. */
type AnswerLease = Pick<InstanceLease, 'during' | 'requireHeld'>;

/** Releasing numbers against a ticket. For the access proxy only. */
export function disclosureRoutes(releaseNumbers: ReleaseNumbers, lease: AnswerLease): Router {
  return Router().post(
    '/internal/disclosures',
    jsonBody({ maxBytes: MAX_TICKET_BYTES }),
    answeringTickets(releaseNumbers, { lease, deadlineOf, lineOf: recordLine }),
  );
}

/** Releasing copies of identity documents, in the same order of steps. For the access proxy only. */
export function documentDisclosureRoutes(
  releaseDocuments: ReleaseNumbers<ReleasedDocument>,
  lease: AnswerLease,
): Router {
  return Router().post(
    '/internal/identity-documents/disclosures',
    atMost(DOCUMENTS_AT_ONCE),
    jsonBody({ maxBytes: MAX_TICKET_BYTES }),
    answeringTickets(releaseDocuments, {
      lease,
      deadlineOf: () => CHUNK_DEADLINE_MS,
      lineOf: (document) => document,
    }),
  );
}

type Answering<Answer> = {
  lease: AnswerLease;
  deadlineOf(entries: number): number;
  lineOf(answer: Answer): object;
};

function answeringTickets<Answer>(
  release: ReleaseNumbers<Answer>,
  { lease, deadlineOf: patience, lineOf }: Answering<Answer>,
): RequestHandler {
  return async (req, res) => {
    const parsed = TicketBody.safeParse(req.body);
    if (!parsed.success) throw new Refusal('invalid-request', 'The ticket is not well-formed.');
    try {
      const deadlineMs = patience(parsed.data.entries.length);
      const releasing = lease.during(() => release(parsed.data));
      const requests = await answerWithin(deadlineMs, releasing);
      // In the turn that answers: a process that was stopped meanwhile finds it over.
      lease.requireHeld();
      res.json({ requests: requests.map((one) => requestLine(one, lineOf)) });
    } catch (error) {
      if (!(error instanceof CheckpointUnproven)) throw error;
      const refusal = new Refusal(
        'checkpoint-unproven',
        'Prove the checkpoint against the newest one stored.',
      );
      res.status(409).type('application/problem+json');
      res.send(JSON.stringify({ ...problemOf(refusal), newestSize: error.newestSize }));
    }
  };
}

function requestLine<Answer>(
  one: RequestAnswer<Answer>,
  lineOf: (answer: Answer) => object,
): object {
  return 'problem' in one ? one : { records: one.records.map((record) => lineOf(record)) };
}

function recordLine(record: RecordAnswer) {
  return 'problem' in record ? record : { individualNumber: record.individualNumber.reveal() };
}
