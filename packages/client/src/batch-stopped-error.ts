/**
 * A batch stopped at a chunk border. The first `resumeAt` items, in the order given, have been answered;
 * no request was sent for the others. Start again with the item at this position.
 */
export class BatchStoppedError extends Error {
  override readonly name = 'BatchStoppedError';
  readonly resumeAt: number;

  constructor(resumeAt: number, cause: unknown) {
    super(`The batch stopped after ${resumeAt} items: ${reasonOf(cause)}`, { cause });
    this.resumeAt = resumeAt;
  }
}

function reasonOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : 'unknown reason';
}
