import type { AccessEntry } from '@mnv/protocol';
import type { ExpectedReleases } from './expected-releases.ts';
import type { Findings } from './log-findings.ts';
import type { Count } from './reconcile-releases.ts';

/** Compares what a log calls delivered with what the vault remembers releasing. */
export type DeliveryRules = {
  onEntry(entry: AccessEntry, index: number): void;
  count(): Count;
};

export function makeDeliveryRules(
  { rids, checkpoint }: ExpectedReleases,
  findings: Findings,
): DeliveryRules {
  const seen = new Set<string>();
  let expected = 0;
  let checked = 0;

  const onEntry = (entry: AccessEntry, index: number): void => {
    // What was delivered later may have been released after the vault was asked.
    if (entry.k !== 'outcome' || entry.dec !== 'delivered' || index >= checkpoint.size) return;
    expected += 1;
    const release = rids.get(entry.rid);
    if (release === undefined || seen.has(entry.rid)) {
      const detail = 'The log calls delivered what the vault does not remember releasing.';
      findings.add({ code: 'delivery-not-released', index, detail });
      return;
    }
    seen.add(entry.rid);
    checked += 1;
    if (entry.cnt <= release.n) return;
    const detail = 'The log calls more delivered than the vault remembers releasing.';
    findings.add({ code: 'release-incomplete', index, detail });
  };
  return { onEntry, count: () => ({ expected, checked, missing: expected - checked }) };
}
