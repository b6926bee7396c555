import { Router } from 'express';
import type { Request, Response } from 'express';
import { z } from 'zod';
import { Refusal, isUuid } from '@mnv/core';
import { NUMBER_DISCLOSURES, parseStrictJson } from '@mnv/protocol';
import {
  answer,
  callerOf,
  databaseRefusal,
  deadlinePassed,
  jsonBody,
  peerOf,
  problemOf,
  readLines,
  requireNdjson,
  whileAwaited,
  writeLine,
} from '@mnv/service-kit';
import { inOrder } from '../in-order.ts';
import type { DiscloseNumbers } from './disclose-numbers.ts';
import type { DisclosedRecord, Disclosure } from './disclosure.ts';

const MAX_CHUNK_RECORDS = 500;
const MAX_LINE_BYTES = 65_536;
const CHUNKS_IN_FLIGHT = 3;
const CHUNK_DEADLINE_MS = 10_000;
/** Shorter than the vault drains before it calls anything erased. */
const WRITTEN_WITHIN_MS = 15_000;
const NOT_RELEASED = 'The vault did not release this record.';
const SIGNED_REQUEST_HEADER = 'mynumber-request';

const RecordId = z.string().refine(isUuid);
const SingleBody = z.strictObject({ recordId: RecordId });
const ChunkLine = z.strictObject({
  request: z.string().max(2048),
  recordIds: z.array(RecordId).min(1).max(MAX_CHUNK_RECORDS),
});

/** Disclosing one number, and many in a stream of signed chunks. */
export function disclosureRoutes(discloseNumbers: DiscloseNumbers): Router {
  const router = Router();
  router.post(
    '/v1/tenants/:tenantId/disclosures',
    jsonBody(),
    answer(async (req, res, waiting) => {
      const parsed = SingleBody.safeParse(req.body);
      if (!parsed.success)
        throw new Refusal('invalid-request', 'Send {"recordId":"<uuid>"}, and no more.');
      const recordIds = [parsed.data.recordId];
      const jws = req.get(SIGNED_REQUEST_HEADER) ?? '';
      const context = contextOf(req, res);
      const asked = { ...context, jws, recordIds, lane: 'interactive', waiting } as const;
      return { body: singleAnswer(await discloseNumbers(asked)) };
    }),
  );
  router.post('/v1/tenants/:tenantId/disclosures/batch', requireNdjson(), async (req, res) => {
    const context = contextOf(req, res);
    const disclose = (chunk: Chunk) =>
      whileAwaited(res, CHUNK_DEADLINE_MS, (waiting) =>
        discloseNumbers({ ...context, ...chunk, lane: 'bulk', waiting }),
      );
    const lines = readLines(req, { maxLineBytes: MAX_LINE_BYTES });
    const answers = inOrder(lines, CHUNKS_IN_FLIGHT, (line) => discloseChunk(line, disclose));
    res.type('application/x-ndjson');
    for await (const chunk of answers) await writeLine(res, textInTime(chunk));
    res.end();
  });
  return router;
}

function contextOf(req: Request, res: Response) {
  const tenantId = String(req.params['tenantId']);
  const caller = callerOf(res);
  return { caller, publicKey: peerOf(req).publicKey, tenantId, operations: NUMBER_DISCLOSURES };
}

function singleAnswer({ records, receipt }: Disclosure): object {
  const [record] = records;
  if (!record) throw new Error('a disclosure without a record');
  if ('problem' in record) throw new Refusal(record.problem, NOT_RELEASED, record.facts);
  const { recordId, individualNumber, index } = record;
  return { recordId, individualNumber, index, receipt };
}

type Chunk = { jws: string; recordIds: string[] };

/** The lines that answer one chunk. A refusal of the chunk is a line: the chunks after it are judged by themselves. */
async function discloseChunk(
  line: Buffer,
  disclose: (chunk: Chunk) => Promise<Disclosure>,
): Promise<ChunkAnswer> {
  const isOld = deadlinePassed(WRITTEN_WITHIN_MS);
  try {
    const { rid, records, receipt } = await disclose(chunkFrom(line));
    const lines = records.map((record) => JSON.stringify(recordLine(record)));
    return { text: `${lines.join('\n')}\n${JSON.stringify({ rid, receipt })}\n`, isOld };
  } catch (error) {
    const refusal = error instanceof Refusal ? error : databaseRefusal(error);
    if (!refusal) throw error;
    return { text: problemLine(refusal), isOld };
  }
}

/** The lines of a chunk, and whether work on it began too long ago. */
type ChunkAnswer = { text: string; isOld: () => boolean };

/**
 * What is written of a chunk: an erasure epoch relies on it that no number is written so long after it was
 * asked for. A reader far behind, or a process that was stopped, makes it a problem, to be asked for again.
 */
function textInTime({ text, isOld }: ChunkAnswer): string {
  if (!isOld()) return text;
  return problemLine(
    new Refusal('deadline-exceeded', 'The answer waited too long for its reader.'),
  );
}

function problemLine(refusal: Refusal): string {
  return `${JSON.stringify({ problem: problemOf(refusal) })}\n`;
}

function chunkFrom(line: Buffer): Chunk {
  const parsed = ChunkLine.safeParse(parseStrictJson(line, { maxBytes: MAX_LINE_BYTES }));
  if (!parsed.success) {
    throw new Refusal(
      'invalid-request',
      'Send {"request":"<JWS>","recordIds":[…]} with 1 to 500 ids a line.',
    );
  }
  return { jws: parsed.data.request, recordIds: parsed.data.recordIds };
}

function recordLine(record: DisclosedRecord): object {
  const { recordId } = record;
  if (!('problem' in record))
    return { recordId, individualNumber: record.individualNumber, index: record.index };
  const { problem: code, facts } = record;
  return { recordId, problem: problemOf({ code, detail: NOT_RELEASED, facts }) };
}
