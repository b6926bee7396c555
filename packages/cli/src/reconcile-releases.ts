import type { AccessEntry } from '@mnv/protocol';
import type { ExpectedReleases } from './expected-releases.ts';
import type { Findings } from './log-findings.ts';

type Count = { expected: number; checked: number; missing: number };

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
  const { entries, rids, checkpoint } = expected;
  const unseen = new Set(entries.keys());
  const delivered: Count = { expected: 0, checked: 0, missing: 0 };
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
    if (entry.k === 'intent' && rids.has(entry.rid) && entries.get(index)?.rid !== entry.rid) {
      const detail = 'The log has an entry of a released request that the vault does not remember.';
      findings.add({ code: 'release-incomplete', index, detail });
    }
    // What was delivered later may have been released after the vault was asked.
    if (entry.k !== 'outcome' || entry.dec !== 'delivered' || index >= checkpoint.size) return;
    delivered.expected += 1;
    if (rids.has(entry.rid)) delivered.checked += 1;
    else {
      const detail = 'The log calls delivered what the vault does not remember releasing.';
      findings.add({ code: 'delivery-not-released', index, detail });
    }
  };

  const finish = (): Reconciliation => {
    for (const index of unseen) notLogged(index);
    if (checked + delivered.checked === 0)
      findings.add({ code: 'nothing-compared', detail: 'There was no release to compare.' });
    const released = { expected: entries.size, checked, missing: entries.size - checked };
    delivered.missing = delivered.expected - delivered.checked;
    return { released, delivered };
  };
  return { onLeaves, onEntry, finish };
}
