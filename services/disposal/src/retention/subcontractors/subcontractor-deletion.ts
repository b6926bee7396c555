import { z } from 'zod';
import type { LegalDay } from '@mnv/bango-ho';
import { Refusal, isUuid } from '@mnv/core';
import { PlainText } from '../plain-text.ts';

const EARLIEST = '2015-10-05';
const KINDS = ['certificate', 'log', 'report'] as const;

const NewDeletion = z.strictObject({
  subcontractor: PlainText(128),
  what: PlainText(500),
  dueOn: z.iso.date(),
});
const NewCertificate = z.strictObject({
  fileSha256: z.string().regex(/^[0-9a-f]{64}$/),
  issuer: PlainText(128),
  issuedOn: z.iso.date(),
  kind: z.enum(KINDS),
  disposalId: z.string().refine(isUuid).optional(),
});

/** A deletion that somebody else does for the tenant and has to prove by a day. */
export type NewSubcontractorDeletion = z.infer<typeof NewDeletion>;
/** What came as its proof: the digest of the file, who issued it when, and the disposal here it belongs to. */
export type NewSubcontractorCertificate = z.infer<typeof NewCertificate>;

export type SubcontractorDeletion = NewSubcontractorDeletion & {
  deletionId: string;
  notedAt: string;
  notedBy: string;
  certificates: (NewSubcontractorCertificate & { receivedAt: string; receivedBy: string })[];
};

/** Where a deletion stood in the list when it was shown; a proof since then moves nothing that comes behind. */
export type DeletionPlace = { proven: boolean; dueOn: LegalDay; deletionId: string };

const Place = z.tuple([z.enum(['0', '1']), z.iso.date(), z.string().refine(isUuid)]);

/** Throws Refusal `invalid-request`. */
export function parsePlace(text: unknown): DeletionPlace | undefined {
  if (text === undefined) return undefined;
  const parsed = Place.safeParse(typeof text === 'string' ? text.split('.') : text);
  if (!parsed.success) throw new Refusal('invalid-request', 'after: as it was given as next.');
  const [proven, dueOn, deletionId] = parsed.data;
  return { proven: proven === '1', dueOn, deletionId };
}

export function placeOf({ certificates, dueOn, deletionId }: SubcontractorDeletion): string {
  return [certificates.length > 0 ? '1' : '0', dueOn, deletionId].join('.');
}

/** Throws Refusal `invalid-request`. */
export function parseDeletion(body: unknown): NewSubcontractorDeletion {
  const result = NewDeletion.safeParse(body);
  if (!result.success || result.data.dueOn < EARLIEST)
    throw new Refusal(
      'invalid-request',
      'Send {"subcontractor":…,"what":…,"dueOn":a day}; no text holds twelve digits.',
    );
  return result.data;
}

/** Throws Refusal `invalid-request`. */
export function parseCertificate(body: unknown, today: LegalDay): NewSubcontractorCertificate {
  const result = NewCertificate.safeParse(body);
  if (!result.success || result.data.issuedOn > today || result.data.issuedOn < EARLIEST)
    throw new Refusal(
      'invalid-request',
      'Send {"fileSha256":64 hex digits,"issuer":…,"issuedOn":a day gone by,"kind":certificate|log|report}.',
    );
  return result.data;
}
