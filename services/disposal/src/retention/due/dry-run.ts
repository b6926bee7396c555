import { z } from 'zod';
import type { LegalDay } from '@mnv/bango-ho';
import { Refusal, isUuid } from '@mnv/core';
import { PlainText } from '../plain-text.ts';

/** What a batch of one tenant may hold at most. */
const MAX_BATCH = 50_000;
const MIN_CAP = 1_000;
const CAP_PERCENT = 10;

const DryRunBody = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('due'), until: z.iso.date().optional() }),
  z.strictObject({
    kind: z.literal('early'),
    reason: PlainText(500),
    recordIds: z.array(z.string().refine(isUuid)).min(1).max(300),
  }),
]);

/** What a dry run is asked for: everything due up to a day, or named records before the law would end their lives. */
export type DryRunAsked =
  | { kind: 'due'; until: LegalDay }
  | { kind: 'early'; until: LegalDay; reason: string; recordIds: string[] };

/** What a dry run found, in counts. */
export type DryRunSummary = {
  records: number;
  bySubject: Record<string, number>;
  /** Dependants and category-3 spouses that go with an employee of the same list. */
  goingAlong: { D: number; S3: number };
  /** Dependants and category-3 spouses of the list whose employee has no living record. */
  orphans: number;
  /** Living dependants that stay although their employee’s record is on the list. */
  leftBehind: number;
  /** Records of which a document is kept longer than the number. */
  documentsOutlive: number;
  oldestDueSince: LegalDay | null;
  overdue: number;
  /** Due, but kept by a legal hold: not on the list. */
  held: number;
  /** What keeps the other living records, by `<rule>:<reason>`. */
  keptBy: Record<string, number>;
  /** Lists of at most so many records, each of which becomes one disposal. */
  parts: number;
  partSize: number;
};

export type KeptDryRun = {
  dryRunId: string;
  kind: DryRunAsked['kind'];
  until: LegalDay;
  reason: string | null;
  lawVersion: LegalDay;
  madeAt: string;
  madeBy: string;
  summary: DryRunSummary;
};

/** A dry run as asked for. A list may look ahead, but is good for a request only once its day has come. */
export function parseDryRun(body: unknown, today: LegalDay): DryRunAsked {
  const result = DryRunBody.safeParse(body);
  if (!result.success)
    throw new Refusal(
      'invalid-request',
      'Send {"kind":"due"} with an "until" day if wanted, or {"kind":"early","reason":…,"recordIds":[1 to 300]}.',
    );
  const asked = result.data;
  return asked.kind === 'due'
    ? { kind: 'due', until: asked.until ?? today }
    : { ...asked, until: today };
}

/** So many records go into one disposal: no more than one epoch takes of this tenant. */
export function partSizeOf(livingRecords: number): number {
  const cap = Math.floor((livingRecords * CAP_PERCENT) / 100);
  return Math.min(MAX_BATCH, Math.max(MIN_CAP, cap));
}
