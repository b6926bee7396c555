import type { EvidenceEgress } from '@mnv/disposal-certificate';
import { decodeEntry } from '@mnv/protocol';
import { decodeEntryBundle } from '@mnv/transparency-log';
import type { KeptRelease } from './egress.repository.ts';

const RECORD_MEMBER = '"rec":"';
const UUID_LENGTH = 36;

/** Tallies releases by record, for the records of a batch alone. */
export function makeEgressCount(recordIds: readonly string[]) {
  const counts = new Map(recordIds.map((id) => [id, none()]));
  return {
    add({ at, entries }: KeptRelease): void {
      if (!namesAny(entries, counts)) return;
      const named = new Set<string>();
      for (const bytes of decodeEntryBundle(entries)) {
        const { rec, act, sub } = decodeEntry(bytes);
        const egress = counts.get(rec);
        if (!egress) continue;
        addNumber(egress, { at, act, sub });
        named.add(rec);
      }
      for (const rec of named) (counts.get(rec) as EvidenceEgress).releases += 1;
    },
    /** In the order of the ids. */
    counted: () => [...counts].map(([recordId, egress]) => ({ recordId, egress })),
  };
}

function none(): EvidenceEgress {
  return { releases: 0, numbers: 0, firstAt: null, lastAt: null, recipients: [] };
}

function addNumber(
  egress: EvidenceEgress,
  { at, act, sub }: { at: number; act: string; sub: string },
): void {
  egress.numbers += 1;
  egress.firstAt = Math.min(at, egress.firstAt ?? at);
  egress.lastAt = Math.max(at, egress.lastAt ?? at);
  const known = egress.recipients.find((one) => one.act === act && one.sub === sub);
  if (known) known.count += 1;
  else egress.recipients.push({ act, sub, count: 1 });
}

/** Looks at the bytes before it decodes: nearly all releases are of other records. */
function namesAny(entries: Buffer, counts: ReadonlyMap<string, unknown>): boolean {
  const text = entries.toString('latin1');
  for (let at = text.indexOf(RECORD_MEMBER); at >= 0; at = text.indexOf(RECORD_MEMBER, at + 1)) {
    const from = at + RECORD_MEMBER.length;
    if (counts.has(text.slice(from, from + UUID_LENGTH))) return true;
  }
  return false;
}

const ITEMS_AT_ONCE = 1000;

/**
 * Counts and keeps the egress of a batch: all releases of its tenant are gone through once. Of a record that was
 * there when the database was restored, releases may be missing, and that is kept beside the count.
 */
export async function keepEgressOf(
  { count }: { count: number },
  deps: {
    readItems(range: { from: number; limit: number }): Promise<{ recordId: string }[]>;
    readReleases(): AsyncIterable<KeptRelease[]>;
    findRestored(recordIds: readonly string[]): Promise<ReadonlyMap<string, number>>;
    keepEgress(counted: readonly { recordId: string; egress: EvidenceEgress }[]): Promise<void>;
  },
): Promise<void> {
  const recordIds: string[] = [];
  for (let from = 0; from < count; from += ITEMS_AT_ONCE) {
    const items = await deps.readItems({ from, limit: ITEMS_AT_ONCE });
    recordIds.push(...items.map(({ recordId }) => recordId));
  }
  const tally = makeEgressCount(recordIds);
  for await (const releases of deps.readReleases())
    for (const release of releases) tally.add(release);
  const counted = tally.counted();
  for (let from = 0; from < counted.length; from += ITEMS_AT_ONCE) {
    const some = counted.slice(from, from + ITEMS_AT_ONCE);
    const restored = await deps.findRestored(some.map(({ recordId }) => recordId));
    await deps.keepEgress(some.map((one) => withRestore(one, restored.get(one.recordId))));
  }
}

type Counted = { recordId: string; egress: EvidenceEgress };

function withRestore({ recordId, egress }: Counted, mayLackBefore: number | undefined): Counted {
  return { recordId, egress: { ...egress, ...(mayLackBefore !== undefined && { mayLackBefore }) } };
}
