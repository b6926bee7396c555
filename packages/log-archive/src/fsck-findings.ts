/** What a check of the stored logs can find wrong. */
export type FsckCode =
  | 'gap'
  | 'batch-malformed'
  | 'edge-differs'
  | 'root-differs'
  | 'checkpoint-not-accepted'
  | 'checkpoint-differs'
  | 'entry-malformed'
  | 'clock-went-back'
  | 'tile-missing'
  | 'tile-differs'
  | 'segment-damaged'
  | 'segment-differs'
  | 'archive-not-given';

/** One thing wrong, and the first index concerned. */
export type FsckFinding = { code: FsckCode; detail: string; index?: number };

const MOST_KEPT = 100;

/** Collects findings; counts all, keeps the first hundred. */
export function makeFsckFindings() {
  const kept: FsckFinding[] = [];
  let total = 0;
  const add = (finding: FsckFinding): void => {
    total += 1;
    if (kept.length < MOST_KEPT) kept.push(finding);
  };
  return { add, kept, total: () => total };
}
export type FsckFindings = ReturnType<typeof makeFsckFindings>;
