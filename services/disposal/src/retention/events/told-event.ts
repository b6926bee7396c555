import { z } from 'zod';
import { LAW, findPurpose } from '@mnv/bango-ho';
import { Refusal, SUBJECTS, isIndividualRef, isUuid, looksLikeIndividualNumber } from '@mnv/core';

const Day = z.iso.date();
/** An event’s own id at the tenant. Twelve digits in a row could hide a number. */
const EventId = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9._:-]{0,63}$/)
  .refine((id) => isUuid(id) || !/[0-9]{12}/.test(id));
/** The tenant’s name of a paper or file: one line, nothing invisible, no number. */
const Reference = z
  .string()
  .min(1)
  .max(64)
  .refine((text) => /^[^\p{C}\p{Zl}\p{Zp}]+$/u.test(text) && text.normalize('NFC') === text)
  .refine((text) => !looksLikeIndividualNumber(text));

const RELATION_KINDS = [
  'hired',
  're-hired',
  'transferred',
  'left',
  'died',
  'dependant-began',
  'dependant-ended',
  'payee-contract-began',
  'payee-contract-ended',
] as const;

const Purpose = z.string().refine((code) => findPurpose(code) !== undefined);
const Document = z
  .string()
  .refine((code) =>
    LAW.documents.some(
      (row) => row.code === code && row.number !== 'forbidden' && row.whereabouts === 'kept',
    ),
  );

const Fact = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.enum(RELATION_KINDS), on: Day }),
  z.strictObject({ kind: z.enum(['purpose-began', 'purpose-ended']), on: Day, purpose: Purpose }),
  z.strictObject({
    kind: z.literal('document-submitted'),
    on: Day,
    document: Document,
    reference: Reference,
    deadline: Day.optional(),
    completedOn: Day.optional(),
  }),
  z.strictObject({
    kind: z.literal('document-destroyed'),
    on: Day,
    document: Document,
    reference: Reference,
  }),
  z.strictObject({ kind: z.literal('number-omitted'), on: Day, deadline: Day }),
  z.strictObject({ kind: z.literal('tenant-contract-ended'), on: Day }),
]);

/** What happened, without whose record it is or when it was told. */
export type ToldFact = z.infer<typeof Fact>;
export type RelationFactKind = (typeof RELATION_KINDS)[number];

const Whose = {
  id: EventId,
  recordId: z.string().refine(isUuid).optional(),
  individualRef: z.string().refine(isIndividualRef).optional(),
  subject: z.enum(SUBJECTS).optional(),
};
const Envelope = z.object(Whose).loose();
const Correction = z.strictObject({
  ...Whose,
  kind: z.literal('corrected'),
  corrects: EventId,
  instead: Fact.nullable(),
});

/** Whose record an event concerns: by its id, or by the tenant’s own key of the person and the subject. */
export type Whose =
  | { recordId: string }
  | { individualRef: string; subject: (typeof SUBJECTS)[number] };

/** An event as it was told: a fact, or the correction of an earlier event. */
export type ToldEvent = { id: string; whose: Whose | undefined } & (
  | { kind: 'fact'; fact: ToldFact }
  | { kind: 'correction'; corrects: string; instead: ToldFact | null }
);

/**
 * An event as sent, attacker-controlled. The refusal names the members to mend and quotes nothing.
 * @throws Refusal `invalid-request`
 */
export function parseEvent(body: unknown): ToldEvent {
  const kind = (body as { kind?: unknown } | null)?.kind;
  return kind === 'corrected' ? correctionOf(body) : factOf(body);
}

function factOf(body: unknown): ToldEvent {
  const { id, recordId, individualRef, subject, ...rest } = read(Envelope, body);
  const fact = read(Fact, rest);
  const whose = whoseOf({ recordId, individualRef, subject });
  const concernsTenant = fact.kind === 'tenant-contract-ended';
  if (concernsTenant !== (whose === undefined))
    throw invalid(concernsTenant ? 'recordId (this event concerns the tenant)' : 'recordId');
  return { id, whose, kind: 'fact', fact };
}

function correctionOf(body: unknown): ToldEvent {
  const { id, corrects, instead, ...whose } = read(Correction, body);
  return { id, whose: whoseOf(whose), kind: 'correction', corrects, instead };
}

function whoseOf(named: {
  recordId?: string | undefined;
  individualRef?: string | undefined;
  subject?: (typeof SUBJECTS)[number] | undefined;
}): Whose | undefined {
  const { recordId, individualRef, subject } = named;
  if (recordId !== undefined && individualRef === undefined && subject === undefined)
    return { recordId };
  if (recordId === undefined && individualRef !== undefined && subject !== undefined)
    return { individualRef, subject };
  if (recordId ?? individualRef ?? subject) throw invalid('recordId, or individualRef and subject');
  return undefined;
}

function read<T>(schema: z.ZodType<T>, value: unknown): T {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const members = result.error.issues.map(({ path }) => path.join('.') || 'kind and its members');
  throw invalid([...new Set(members)].join(', '));
}

function invalid(members: string): Refusal {
  return new Refusal('invalid-request', `Mend: ${members}.`);
}
