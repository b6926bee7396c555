import { isHashOfMapHead, keysOfProvenMap } from '@mnv/erasure-tree';
import type { MapClaim } from '@mnv/erasure-tree';
import type { DisposalCertificate } from './certificate-format.ts';
import { asBytes, mapHeadFrom, mapProofFrom } from './certificate-map.ts';
import { judging } from './findings.ts';
import type { ClaimVerdict, Judging } from './findings.ts';
import type { ProvenEntries } from './proven-entries.ts';

type Keys = ReadonlyMap<string, Uint8Array> | undefined;

/** P2 and P3: every position LIVE before and ERASED after, every key on the ways another one. */
export function judgeMaps(
  certificate: DisposalCertificate,
  proven: ProvenEntries | undefined,
): ClaimVerdict[] {
  const judge = judging('P2');
  judgeHeads(judge, certificate, proven);
  const before = provenKeys(certificate, 'before');
  const after = provenKeys(certificate, 'after');
  for (const _ of certificate.items) {
    judge.expect(before !== undefined, 'not-live-before');
    judge.expect(after !== undefined, 'not-erased-after');
  }
  return [judge.verdict(), judgeKeys(certificate, before, after)];
}

function judgeHeads(
  judge: Judging,
  { maps: { before, after }, epoch }: DisposalCertificate,
  proven: ProvenEntries | undefined,
): void {
  if (proven === undefined) judge.find('entry-unproven');
  else {
    const { intent, flipped } = proven;
    const isIn = (hash: string, head: typeof before.head) =>
      isHashOfMapHead(asBytes(hash), mapHeadFrom(head));
    judge.expect(isIn(intent.map, before.head), 'map-differs', intent.op);
    judge.expect(isIn(flipped.map, after.head), 'map-differs', flipped.op);
  }
  judge.expect(before.head.rootRef === epoch.rootFrom, 'map-differs', 'rootFrom');
  judge.expect(after.head.rootRef === epoch.rootTo, 'map-differs', 'rootTo');
  judge.expect(after.head.epoch === epoch.number, 'map-differs', 'epoch');
}

function provenKeys(
  { tree, items, maps, epoch, indices }: DisposalCertificate,
  when: 'before' | 'after',
): Keys {
  const map = maps[when];
  const erased = { erasedEpoch: epoch.number, intentIndex: indices.intent };
  const slots: MapClaim['slots'] = items.map(({ position, dekCommitment: text }) => {
    const slot = { position, dekCommitment: asBytes(text) };
    return when === 'before' ? { state: 'live', ...slot } : { state: 'erased', ...slot, ...erased };
  });
  return keysOfProvenMap(mapHeadFrom(map.head), { tree, slots, proof: mapProofFrom(map) });
}

/** The tree may have grown in between: then there are nodes that were not there before. */
function judgeKeys({ maps, epoch }: DisposalCertificate, before: Keys, after: Keys): ClaimVerdict {
  const judge = judging('P3');
  const isOther = epoch.rootFrom !== epoch.rootTo && maps.before.head.epoch < maps.after.head.epoch;
  judge.expect(isOther, 'root-unchanged');
  if (before === undefined) judge.find('not-live-before');
  if (after === undefined) judge.find('not-erased-after');
  if (before === undefined || after === undefined) return judge.verdict();
  for (const [place, key] of before) {
    const now = after.get(place);
    judge.expect(now !== undefined && Buffer.compare(now, key) !== 0, 'key-unchanged', place);
  }
  return judge.verdict();
}
