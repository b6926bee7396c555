import { z } from 'zod';
import type { LegalDay } from '@mnv/bango-ho';
import { Refusal, holdsTwelveDigits, isUuid } from '@mnv/core';
import { PlainText } from '../plain-text.ts';

const EARLIEST = '2015-10-05';
export const MEDIA = ['paper', 'usb', 'disc', 'device', 'transmission', 'other'] as const;
export const PROTECTIONS = [
  'encrypted',
  'password',
  'locked-case',
  'sealed-envelope',
  'masked',
  'agency-method',
] as const;

const CarryId = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9._:-]{0,63}$/)
  .refine((id) => isUuid(id) || !holdsTwelveDigits(id));
const Item = z.strictObject({
  id: CarryId,
  /** The day it left its area. */
  on: z.iso.date(),
  /** What it is, and of how many people. */
  what: PlainText(200),
  people: z.int().min(0).max(10_000_000),
  medium: z.enum(MEDIA),
  protections: z.array(z.enum(PROTECTIONS)).min(1).max(PROTECTIONS.length),
  /** The number of a seal; the slip of the carrier. Neither may be twelve digits. */
  seal: PlainText(40).optional(),
  tracking: PlainText(40).optional(),
  carrier: PlainText(100),
  from: PlainText(100),
  to: PlainText(100),
  approvedBy: PlainText(100).optional(),
});
const End = z.strictObject({
  kind: z.enum(['received', 'withdrawn']),
  on: z.iso.date(),
  remark: PlainText(500),
});

/** Something with numbers that left its area, or came into it (持ち運び). It names no number and no person’s key. */
export type CarriedItem = z.infer<typeof Item>;
/** Its end: who received it, or why the entry does not count. */
export type CarriedEnd = z.infer<typeof End>;
export type KeptCarriedItem = CarriedItem & {
  recordedAt: string;
  recordedBy: string;
  end: (CarriedEnd & { recordedBy: string }) | null;
};

/** Throws Refusal `invalid-request`, which names the members to mend and quotes nothing. */
export function parseCarriedItem(body: unknown, today: LegalDay): CarriedItem {
  const item = read(Item, body);
  requireGoneBy(item.on, today);
  return item;
}

/** Throws Refusal `invalid-request`. */
export function parseCarriedEnd(body: unknown, today: LegalDay): CarriedEnd {
  const end = read(End, body);
  requireGoneBy(end.on, today);
  return end;
}

function requireGoneBy(on: LegalDay, today: LegalDay): void {
  if (on > today || on < EARLIEST)
    throw new Refusal('invalid-request', 'Mend: on (a day gone by, since there are numbers).');
}

function read<T>(schema: z.ZodType<T>, value: unknown): T {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const members = result.error.issues.map(({ path }) => path.join('.') || 'the members');
  throw new Refusal('invalid-request', `Mend: ${[...new Set(members)].join(', ')}.`);
}
