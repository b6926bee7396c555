import type { AccessEntry } from '@mnv/protocol';
import type { ExpectedReleases } from './expected-releases.ts';
import type { Findings } from './log-findings.ts';
import { makeDeliveryRules } from './reconcile-deliveries.ts';
import { areRepeats } from './repeats.ts';

export type Count = { expected: number; checked: number; missing: number };

/** How far releases and log agree. */
export type Reconciliation = {
  /** Entries the vault released on, and how many of them are in the log at their place, byte for byte. */
  released: Count;
  /** Requests the log calls delivered, and how many of them the vault remembers. */
  delivered: Count;
};

/** Compares what the vault remembers with a log that is being read, both ways. */
export type ReleaseRules = {
  /** The leaf hashes of entries from `first` on; all that is left of entries that are gone. */
  onLeaves(first: number, hashes: readonly Uint8Array[]): void;
  onEntry(entry: AccessEntry, index: number): void;
  /** Once the log is read: adds what is missing to the findings. */
  finish(): Reconciliation;
};

export function makeReleaseRules(expected: ExpectedReleases, findings: Findings): ReleaseRules {
  const { entries, rids } = expected;
  const unseen = new Set(entries.keys());
  const deliveries = makeDeliveryRules(expected, findings);
  /** Intents of released requests that the vault did not release on, by request. */
  const beside = new Map<string, { index: number; rec: string }[]>();
  let checked = 0;

  const onLeaves = (first: number, hashes: readonly Uint8Array[]): void => {
    hashes.forEach((hash, at) => {
      const released = entries.get(first + at);
      if (!released || !unseen.delete(first + at)) return;
      if (Buffer.compare(released.hash, hash) === 0) checked += 1;
      else notLogged(first + at);
    });
  };

  const notLogged = (index: number): void => {
    const detail = 'The vault released on an entry that is not the one in the log.';
    findings.add({ code: 'release-not-logged', index, detail });
  };

  const onEntry = (entry: AccessEntry, index: number): void => {
    deliveries.onEntry(entry, index);
    const { k, rid, rec } = entry;
    if (k !== 'intent' || !rids.has(rid) || entries.get(index)?.rid === rid) return;
    const intents = beside.get(rid) ?? [];
    intents.push({ index, rec });
    beside.set(rid, intents);
  };

  /** A request that was sent again has intents of its own, over the same records: it was refused as a whole. */
  const judgeBeside = (rid: string, intents: readonly { index: number; rec: string }[]): void => {
    const { first, n } = rids.get(rid) ?? { first: 0, n: 0 };
    const released = Array.from({ length: n }, (_, at) => entries.get(first + at)?.rec ?? '');
    const recs = intents.map(({ rec }) => rec);
    if (n > 0 && recs.length % n === 0 && areRepeats(released, recs)) return;
    for (const { index } of intents) {
      const detail = 'The log has an entry of a released request that the vault does not remember.';
      findings.add({ code: 'release-incomplete', index, detail });
    }
  };

  const finish = (): Reconciliation => {
    for (const index of unseen) notLogged(index);
    for (const [rid, intents] of beside) judgeBeside(rid, intents);
    const delivered = deliveries.count();
    if (checked + delivered.checked === 0)
      findings.add({ code: 'nothing-compared', detail: 'There was no release to compare.' });
    const released = { expected: entries.size, checked, missing: entries.size - checked };
    return { released, delivered };
  };
  return { onLeaves, onEntry, finish };
}
