import { z } from 'zod';
import { CHANGE_REASONS } from '@mnv/core';
import { openApi } from '@mnv/service-kit';

const { Uuid, Instant } = openApi;
const Day = z.iso.date();
const MaybeDay = Day.nullable();
const Text = z.string();

export const EventOutcome = z
  .object({ id: Text, outcome: z.enum(['recorded', 'known']) })
  .meta({ id: 'EventOutcome' });
export const EventLine = z.union([
  EventOutcome.extend({ line: z.int() }),
  z.object({ line: z.int(), id: Text.optional(), problem: z.looseObject({ type: Text }) }),
]);
export const Event = z
  .looseObject({
    id: Text.meta({
      description: 'The event’s own id at the tenant: the same id is the same event.',
    }),
    recordId: Uuid.optional(),
    individualRef: Text.optional(),
    subject: z.enum(['E', 'D', 'S3', 'P', 'H']).optional(),
    kind: Text.meta({
      description:
        'hired, re-hired, transferred, left, died, dependant-began, dependant-ended, payee-contract-began, payee-contract-ended, purpose-began, purpose-ended, document-submitted, document-destroyed, number-omitted, tenant-contract-ended, or corrected (with corrects and instead).',
    }),
    on: Day.optional(),
  })
  .meta({ id: 'RetentionEvent' });

const Span = z.object({
  keepThrough: MaybeDay,
  deletableFrom: MaybeDay,
  deleteBy: MaybeDay,
  blockedBy: z.array(Text).meta({ description: '<rule>:<reason>' }),
  grounds: z.array(
    z.looseObject({ kind: z.enum(['rule', 'relation', 'purpose', 'superseded']), until: MaybeDay }),
  ),
  trace: z.array(Text),
});
export const Life = z
  .object({
    recordId: Uuid,
    subject: Text,
    state: z.enum(['living', 'frozen', 'erased']),
    asOf: Day,
    lawVersion: Day,
    lawDigest: Text,
    usesBook: z.enum(['yes', 'no', 'undecided']),
    number: Span,
    documents: z.array(Span.extend({ document: Text, reference: Text })),
    held: z.boolean(),
    superseded: z
      .object({ by: Uuid, reason: z.enum(CHANGE_REASONS), from: Day })
      .optional()
      .meta({ description: 'Another record holds the number since that legal day.' }),
  })
  .meta({ id: 'RecordLife' });

export const Proposal = z.object({ topic: Text, value: Text, reason: Text });
export const Decision = Proposal.extend({
  decisionId: Uuid,
  proposedBy: Text,
  proposedAt: Instant,
  confirmedBy: Text.nullable(),
  decidedOn: MaybeDay,
}).meta({ id: 'Decision' });
export const DecisionId = z.object({ decisionId: Uuid });
export const Task = z
  .object({ taskId: Uuid, topic: Text, records: z.int(), openedOn: Day, closedOn: MaybeDay })
  .meta({ id: 'Task' });

export const NewHold = z
  .object({
    scope: z.enum(['individual', 'tenant', 'case']),
    individuals: z.array(Text).max(100).optional(),
    caseId: Text.optional(),
    reason: Text,
    owner: Text,
    reviewOn: Day,
  })
  .meta({ id: 'NewHold' });
export const PlacedHold = z.object({
  holdId: Uuid,
  covered: z.int(),
  frozen: z.array(Uuid),
  erased: z.int(),
  copiesKept: z
    .boolean()
    .meta({ description: 'Whether the vault keeps the copies of identity documents already.' }),
  disposals: z.array(z.object({ disposalId: Uuid, caseId: Text, batchHash: Text, count: z.int() })),
});
export const Hold = NewHold.extend({
  holdId: Uuid,
  placedAt: Instant,
  placedBy: Text,
  liftedAt: Instant.nullable(),
  liftedBy: Text.nullable(),
  liftReason: Text.nullable(),
}).meta({ id: 'Hold' });

export const DuePage = z.object({
  due: z.array(
    z.object({
      recordId: Uuid,
      subject: Text,
      individualRef: Text,
      relatedRef: Text.nullable(),
      dueSince: Day,
      plannedOn: Day,
      overdue: z.boolean(),
      held: z.boolean(),
    }),
  ),
  next: Text.optional(),
});
export const AskDryRun = z.union([
  z.object({ kind: z.literal('due'), until: Day.optional() }),
  z.object({ kind: z.literal('early'), reason: Text, recordIds: z.array(Uuid).min(1).max(300) }),
]);
export const DryRun = z
  .object({
    dryRunId: Uuid,
    kind: z.enum(['due', 'early']),
    until: Day,
    reason: Text.nullable(),
    lawVersion: Day,
    madeAt: Instant,
    madeBy: Text,
    summary: z.looseObject({ records: z.int(), parts: z.int(), partSize: z.int() }),
  })
  .meta({ id: 'DryRun' });
export const PartLine = z.object({ recordId: Uuid, individualRef: Text });

export const Files = z.object({
  asOf: Day,
  files: z.array(
    z.object({
      purpose: Text,
      subject: Text,
      living: z.int(),
      frozen: z.int(),
      erased: z.int(),
      firstStoredOn: Day,
      keptUntil: MaybeDay,
    }),
  ),
});

export const Runs = z.object({
  runs: z.array(
    z.object({
      job: Text,
      day: Day,
      attempt: z.int(),
      startedAt: Instant,
      endedAt: Instant.nullable(),
      outcome: z.enum(['done', 'failed']).nullable(),
      missedFrom: MaybeDay,
    }),
  ),
});
