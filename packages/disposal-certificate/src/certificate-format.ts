import { isCaseId, isTenantId, isUuid } from '@mnv/core';
import { claimsShape } from './claims.ts';
import { count, list, nullable, object, oneOf, optional, text } from './shape.ts';
import type { Fitting } from './shape.ts';

/** Records of one batch, at most. */
export const MAX_ITEMS = 50_000;
/** Batches that one epoch can hold, at most. */
const MAX_BATCHES = 100_000;
const MAX_NODES = 9 * MAX_ITEMS;

const HASH = /^[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048]$/;
const DEPLOYMENT = /^[a-z][a-z0-9.-]{0,62}$/;
const ROOT_REF = /^[!#-[\]-~]{1,200}$/;
/** Controls, other line ends, what is invisible or turns the direction of writing. */
const UNSEEN = /[\p{Cc}\p{Zl}\p{Zp}\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]/u;
const MAX_NAME = 255;
const MAX_ENTRY_BYTES = 2048;
const MAX_NOTE = 16_384;

const uuid = text(isUuid);
const hash = text((value) => HASH.test(value));
const rootRef = text((value) => ROOT_REF.test(value));
/** What an identity provider, a client or a company is called. */
const name = text(
  (value) =>
    value !== '' && [...value].length <= MAX_NAME && !UNSEEN.test(value) && value.isWellFormed(),
);
const bytes = text(
  (value) =>
    value.length <= Math.ceil((MAX_ENTRY_BYTES * 4) / 3) &&
    Buffer.from(value, 'base64url').toString('base64url') === value,
);
const instant = text(isInstant);
const index = count();

const person = object({ iss: name, sub: name, nonce: hash, index });
const mapNode = object({
  tree: count(),
  level: count({ to: 16 }),
  index: count(),
  key: hash,
  siblings: list(hash, { most: 6 * 32 }),
});
const map = object({
  head: object({
    epoch: count({ from: 1, to: 0xffff_ffff }),
    rootRef,
    topKeyCommitment: hash,
    nodeHash: hash,
  }),
  height: count({ from: 1, to: 8 }),
  nodes: list(mapNode, { least: 1, most: MAX_NODES }),
});
const recipient = object({ act: name, sub: name, count: count({ from: 1 }) });
const egress = object({
  releases: count(),
  numbers: count(),
  firstAt: nullable(instant),
  lastAt: nullable(instant),
  recipients: list(recipient, { most: 10_000 }),
  mayLackBefore: optional(instant),
});

/**
 * A disposal certificate, version 1, member by member and in this order. It names records by their random ids,
 * and has no member that could hold a number, a part or transform of one, or the tenant's own reference of a
 * person. Described for other implementations in docs/certificate.md.
 */
export const certificateShape = object({
  v: oneOf(1),
  certificateId: uuid,
  stage: oneOf('erased'),
  deployment: text((value) => DEPLOYMENT.test(value)),
  tenantId: text(isTenantId),
  disposalId: uuid,
  caseId: text(isCaseId),
  issuedAt: instant,
  issuer: object({ controller: nullable(name), processor: nullable(name) }),
  method: oneOf('cryptographic-erase'),
  batch: object({ hash, count: count({ from: 1, to: MAX_ITEMS }) }),
  people: object({ requested: person, approved: list(person, { least: 2, most: 2 }) }),
  epoch: object({
    number: count({ from: 1, to: 0xffff_ffff }),
    rootFrom: rootRef,
    rootTo: rootRef,
    manifest: object({ leaves: list(hash, { least: 1, most: MAX_BATCHES }), at: count() }),
  }),
  indices: object({
    requested: index,
    approved: list(index, { least: 2, most: 2 }),
    intent: index,
    rootCreated: index,
    flipped: index,
    fenced: index,
    erased: index,
  }),
  log: object({
    origin: text(
      (value) => DEPLOYMENT.test(value.replace(/\/control$/, '')) && value.endsWith('/control'),
    ),
    checkpoint: text((value) => value.length <= MAX_NOTE && value.isWellFormed()),
    entries: list(object({ index, entry: bytes, proof: list(hash, { most: 53 }) }), {
      least: 8,
      most: 8,
    }),
  }),
  roots: list(
    object({
      ref: rootRef,
      epoch: count({ from: 1, to: 0xffff_ffff }),
      status: oneOf('enabled', 'disabled', 'pending'),
      kind: name,
      assurance: oneOf('none', 'software', 'hsm', 'cloud-hsm'),
      destroyAt: nullable(instant),
    }),
    { least: 1, most: 10_000 },
  ),
  tree: count({ from: 1 }),
  items: list(object({ recordId: uuid, position: count(), dekCommitment: hash, egress }), {
    least: 1,
    most: MAX_ITEMS,
  }),
  maps: object({ before: map, after: map }),
  claims: claimsShape,
});

export type DisposalCertificate = Fitting<typeof certificateShape>;
export type CertificateMap = DisposalCertificate['maps']['before'];
export type CertificateItem = DisposalCertificate['items'][number];

/** RFC 3339 in UTC with milliseconds: one instant has one text. */
function isInstant(value: string): boolean {
  const at = new Date(value);
  return !Number.isNaN(at.getTime()) && at.toISOString() === value;
}
