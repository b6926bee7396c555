import type { Readable } from 'node:stream';
import { z } from 'zod';
import { Refusal, holdsTwelveDigits, isCaseId, isIndividualRef, isUuid } from '@mnv/core';
import { MAX_BATCH_RECORDS, parseStrictJson } from '@mnv/protocol';
import { readLines } from '@mnv/service-kit';
import type { DisposalRecord } from './disposal.ts';

const MAX_LINE_BYTES = 4_096;
const MAX_REASON = 500;

export const DraftHead = z.strictObject({
  caseId: z.string().refine(isCaseId),
  reason: z
    .string()
    .trim()
    .min(1)
    .max(MAX_REASON)
    .refine((text) => text.isWellFormed() && !holdsTwelveDigits(text)),
});
export const DraftLine = z.strictObject({
  recordId: z.string().refine(isUuid),
  individualRef: z.string().refine(isIndividualRef).optional(),
});

export type DraftBody = { caseId: string; reason: string; records: DisposalRecord[] };

/**
 * Reads a draft as NDJSON: first why and under which case, then one record a line, in the order that is hashed.
 * @throws Refusal `invalid-request`, `malformed-json`, `body-too-large`
 */
export async function readDraft(body: Readable): Promise<DraftBody> {
  let head: z.infer<typeof DraftHead> | undefined;
  const records = new Map<string, DisposalRecord>();
  let lines = 0;
  for await (const bytes of readLines(body, { maxLineBytes: MAX_LINE_BYTES })) {
    const value = parseStrictJson(bytes, { maxBytes: MAX_LINE_BYTES });
    if (head === undefined) {
      head = wellFormed(DraftHead, value, HEAD_HELP);
      continue;
    }
    lines += 1;
    if (lines > MAX_BATCH_RECORDS) throw new Refusal('invalid-request', TOO_MANY);
    const { recordId, individualRef } = wellFormed(DraftLine, value, LINE_HELP);
    records.set(recordId, individualRef === undefined ? { recordId } : { recordId, individualRef });
  }
  if (head === undefined || lines === 0) throw new Refusal('invalid-request', HEAD_HELP);
  if (records.size < lines)
    throw new Refusal('invalid-request', 'A record is named twice. Name each once.');
  return { ...head, records: [...records.values()] };
}

const HEAD_HELP =
  'Send {"caseId","reason"} on the first line; the reason has 1 to 500 characters and no run of twelve digits. Then one {"recordId"} a line.';
const LINE_HELP = 'Send {"recordId"} and, if the tenant wants the list, "individualRef" on a line.';
const TOO_MANY = 'A batch has at most 50,000 records. Draft several.';

function wellFormed<T>(schema: z.ZodType<T>, value: unknown, help: string): T {
  const result = schema.safeParse(value);
  if (!result.success) throw new Refusal('invalid-request', help);
  return result.data;
}
