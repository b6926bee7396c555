import { randomUUID } from 'node:crypto';
import { proofPacker } from '@mnv/erasure-tree';
import type { TileLog } from '@mnv/transparency-log';
import type { CertificateItem, DisposalCertificate } from './certificate-format.ts';
import { mapAsText, slotProofFrom } from './certificate-map.ts';
import { CLAIMS } from './claims.ts';
import { controlProofs } from './control-proofs.ts';
import type { EvidenceEgress, EvidenceHead, EvidenceItem, EvidenceRoot } from './evidence.ts';

export type CertificateSources = {
  head: EvidenceHead;
  /** In batch order. */
  items: AsyncIterable<EvidenceItem> | Iterable<EvidenceItem>;
  /** At a checkpoint that covers the end of the epoch and that the witnesses of the policy have cosigned. */
  controlLog: TileLog;
  /** What the companies are called, if the certificate is to say so. */
  issuer?: { controller?: string; processor?: string };
  /** ms. */
  issuedAt: number;
};

/** Builds a certificate of stage `erased`: no other stage is built yet. Judges nothing: see `issueCertificate`. */
export async function buildCertificate(sources: CertificateSources): Promise<DisposalCertificate> {
  const { head, issuer, issuedAt } = sources;
  const { indices } = head;
  const { requested, approved, intent, rootCreated, flipped, fenced, erased } = indices;
  const order = [requested, ...approved, intent, rootCreated, flipped, fenced, erased];
  const listed = await listItems(sources);
  return {
    v: 1,
    certificateId: randomUUID(),
    stage: 'erased',
    deployment: head.deployment,
    tenantId: head.tenantId,
    disposalId: head.disposalId,
    caseId: head.caseId,
    issuedAt: instant(issuedAt),
    issuer: { controller: issuer?.controller ?? null, processor: issuer?.processor ?? null },
    method: 'cryptographic-erase',
    batch: { hash: head.batchHash, count: head.count },
    people: peopleOf(head),
    epoch: epochOf(head),
    indices: { requested, approved: [...approved], intent, rootCreated, flipped, fenced, erased },
    log: await controlProofs(sources.controlLog, order),
    roots: head.roots.map(rootOf),
    tree: listed.tree,
    items: listed.items,
    maps: listed.maps,
    claims: claimTexts(),
  };
}

async function listItems({ head, items }: CertificateSources) {
  const before = proofPacker();
  const after = proofPacker();
  const listed: CertificateItem[] = [];
  let tree = 0;
  for await (const item of items) {
    ({ tree } = item);
    const { recordId, position, dekCommitment, egress } = item;
    before.add({ tree, position, proof: slotProofFrom(item.before) });
    after.add({ tree, position, proof: slotProofFrom(item.after) });
    listed.push({ recordId, position, dekCommitment, egress: egressOf(egress) });
  }
  const maps = {
    before: mapAsText(head.mapBefore, before.pack()),
    after: mapAsText(head.mapAfter, after.pack()),
  };
  return { tree, items: listed, maps };
}

function peopleOf({ by }: EvidenceHead): DisposalCertificate['people'] {
  const person = ({ iss, sub, nonce, index }: EvidenceHead['by']['requested']) => ({
    iss,
    sub,
    nonce,
    index,
  });
  return { requested: person(by.requested), approved: by.approved.map(person) };
}

function epochOf({ epoch, rootFrom, rootTo, manifest }: EvidenceHead) {
  const { leaves, at } = manifest;
  return { number: epoch, rootFrom, rootTo, manifest: { leaves: [...leaves], at } };
}

function rootOf({ ref, epoch, status, kind, assurance, destroyAt }: EvidenceRoot) {
  const end = destroyAt === undefined ? null : instant(destroyAt);
  return { ref, epoch, status, kind, assurance, destroyAt: end };
}

function egressOf(egress: EvidenceEgress): CertificateItem['egress'] {
  const { releases, numbers, firstAt, lastAt, recipients, mayLackBefore } = egress;
  return {
    releases,
    numbers,
    firstAt: firstAt === null ? null : instant(firstAt),
    lastAt: lastAt === null ? null : instant(lastAt),
    recipients: recipients.map(({ act, sub, count }) => ({ act, sub, count })),
    ...(mayLackBefore !== undefined && { mayLackBefore: instant(mayLackBefore) }),
  };
}

function claimTexts(): DisposalCertificate['claims'] {
  const texts = (claims: readonly { id: string; ja: string; en: string }[]) =>
    claims.map(({ id, ja, en }) => ({ id, ja, en }));
  return {
    proved: texts(CLAIMS.proved),
    conditional: texts(CLAIMS.conditional),
    notProvable: texts(CLAIMS.notProvable),
  };
}

function instant(ms: number): string {
  return new Date(ms).toISOString();
}
