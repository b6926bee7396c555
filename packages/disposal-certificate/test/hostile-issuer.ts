import type { ControlEntry, ControlEvent } from '@mnv/protocol';
import { openTileLog, parsePolicy } from '@mnv/transparency-log';
import type { FetchFile } from '@mnv/transparency-log';
import { buildCertificate, digestOfCertificate, signCertificate } from '../src/index.ts';
import type { DisposalCertificate, EvidenceHead } from '../src/index.ts';
import { hash } from './certificate-world.ts';
import type { World } from './certificate-world.ts';
import { hashOfHead, mapsWith } from './hostile-tree.ts';
import type { Lie } from './hostile-tree.ts';

export const DAY = 24 * 60 * 60 * 1000;

export type Story = {
  /** The control log until the end of the erasure. */
  entries?: readonly ControlEntry[];
  head?: EvidenceHead;
  /** What the vault wrote after the issue was recorded. */
  later?: readonly ControlEvent[];
  witnessed?: boolean;
  /** Index of an entry that is not in its exact form. */
  spoilt?: number;
  /** The batch for which the issue is recorded. */
  issuedFor?: string;
  /** When the witness says it saw the log, ms. */
  at?: number;
  /** Said of the key tree, one after another; the log tells the heads over it. */
  lies?: readonly Lie[];
  /** What the issuer writes into the certificate before signing it. */
  forged?: (certificate: DisposalCertificate) => DisposalCertificate;
};

/**
 * What a vault, a certificate service and a witness that lie together can make: any log truly signed and
 * cosigned, any certificate truly signed, any key tree truly hashed.
 */
export async function told(
  world: World,
  { lies = [], later = [], ...story }: Story,
): Promise<{ jws: string; log: FetchFile }> {
  const { head = world.head } = story;
  const maps = await mapsOf(world, { ...story, lies });
  const { intent: begun, flipped: ended } = head.indices;
  const logged = story.entries ?? world.log.entries;
  const announced = rewritten(logged, begun, maps && { map: hashOfHead(maps.before.head) });
  const entries = rewritten(announced, ended, maps && { map: hashOfHead(maps.after.head) });
  const built = await forgedOver(world, { ...story, entries });
  const issuedAt = world.log.now();
  const jws = await signCertificate({ ...built, ...(maps && { maps }) }, world.certificateKey);
  const issued: ControlEvent = {
    op: 'certificate.issued',
    batch: story.issuedFor ?? head.batchHash,
    certificate: digestOfCertificate(jws),
  };
  const n = world.log.entries[0]?.n as string;
  const after = [issued, ...later].map(
    (event, at): ControlEntry => ({ v: 1, t: issuedAt + at * DAY, n, ...event }),
  );
  const whole = await world.log.publish({
    entries: [...entries, ...after],
    at: issuedAt + 99 * DAY,
  });
  return { jws, log: whole.fetch };
}

/** The certificate over a log with what its issuer makes of it, signed by nobody yet. */
async function forgedOver(world: World, story: Story): Promise<DisposalCertificate> {
  const built = await certificateOver(world, story);
  return story.forged?.(built) ?? built;
}

/** The maps that a certificate states of a key tree that was lied about; undefined for the true ones. */
async function mapsOf(
  world: World,
  { lies = [], ...story }: Story,
): Promise<DisposalCertificate['maps'] | undefined> {
  if (lies.length === 0) return undefined;
  const certificate = await certificateOver(world, story);
  return lies.reduce((maps, lie) => mapsWith({ ...certificate, maps }, lie), certificate.maps);
}

/** A certificate over a log, signed by nobody yet. */
export async function certificateOver(
  world: World,
  { entries = world.log.entries, head = world.head, ...how }: Story,
): Promise<DisposalCertificate> {
  const { fetch } = await world.log.publish({ entries, ...how });
  const lenient = parsePolicy(world.policyText.replace('quorum one', 'quorum none'), {
    origins: 'key-name-or-below',
  });
  const controlLog = await openTileLog(fetch, (note) => lenient.verify(note));
  return buildCertificate({ head, items: world.items, controlLog, issuedAt: world.log.now() });
}

/** The log with members of one entry replaced. */
export function rewritten(
  entries: readonly ControlEntry[],
  index: number,
  members: object | undefined,
): ControlEntry[] {
  return entries.with(index, { ...entries[index], ...members } as ControlEntry);
}

/** The log with another event in the place of one. */
export function replaced(
  entries: readonly ControlEntry[],
  index: number,
  event: ControlEvent,
): ControlEntry[] {
  const { v, t, n } = entries[index] as ControlEntry;
  return entries.with(index, { v, t, n, ...event });
}

export const refOf = (epoch: number) => `mnv-root-test-${epoch}`;
export const filler = (): ControlEvent => ({ op: 'internal.opened', reason: 'scrub', cnt: 3 });
export const intent = (epoch: number, cnt = 0): ControlEvent => ({
  op: 'erasure.intent',
  epoch,
  manifest: hash(),
  cnt,
  map: hash(),
  root: refOf(epoch - 1),
});
export const rootCreated = (epoch: number): ControlEvent => ({
  op: 'root.created',
  root: refOf(epoch),
  epoch,
  map: hash(),
});
export const flipped = (epoch: number, to = epoch): ControlEvent => ({
  op: 'erasure.flipped',
  epoch,
  root: refOf(to),
  map: hash(),
});
export const disabled = (epoch: number): ControlEvent => ({
  op: 'root.disabled',
  root: refOf(epoch),
  epoch,
});
export const fenced = (epoch: number): ControlEvent => ({ op: 'erasure.fenced', epoch, cnt: 1 });
export const rotation = (epoch: number): ControlEvent[] => [
  intent(epoch),
  rootCreated(epoch),
  flipped(epoch),
  disabled(epoch - 1),
  fenced(epoch),
  { op: 'erasure.rotated', epoch, cnt: 0 },
];
export const verifiedCopy = (epoch: number): ControlEvent => ({
  op: 'restore.verified',
  epoch,
  export: hash(),
  cnt: 1000,
});
export const scheduled = (epoch: number, at = 0): ControlEvent => ({
  op: 'root.destroy-scheduled',
  root: refOf(epoch),
  epoch,
  at,
});
export const destroyed = (epoch: number): ControlEvent => ({
  op: 'root.destroyed',
  root: refOf(epoch),
  epoch,
  evidence: hash(),
});
