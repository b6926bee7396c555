import { statSync } from 'node:fs';

/** From long to short, as they were measured. Those named nowhere take a second or two. */
const GROUPS = [
  /\/local-system\/test\/(?:whole-system|disposing|faults|leaks)\//,
  /\/local-system\/test\/[^/]+\//,
  /\/(?:vault\/test\/(?:interrupting|racing|reconciling|fencing)|log-archive\/test\/)/,
  /\/(?:services|cli)\//,
];

/**
 * Begins with the files that take longest, so that none of them is what everybody waits for at the end. Jest
 * would go by how long each took the last time, which a fresh clone does not know.
 */
// oxlint-disable-next-line import/no-default-export -- jest's contract
export default class LongestFirst {
  sort(tests) {
    const weighed = tests.map((test) => ({ test, group: groupOf(test), size: sizeOf(test) }));
    weighed.sort((a, b) => a.group - b.group || b.size - a.size);
    return weighed.map(({ test }) => test);
  }

  shard(tests, { shardIndex, shardCount }) {
    return tests.filter((_, at) => at % shardCount === shardIndex - 1);
  }

  allFailedTests(tests) {
    return tests;
  }

  /** Jest tells how each went; the order here does not depend on it. */
  cacheResults() {}
}

function groupOf({ path }) {
  const at = GROUPS.findIndex((group) => group.test(path));
  return at === -1 ? GROUPS.length : at;
}

function sizeOf({ path }) {
  return statSync(path).size;
}
