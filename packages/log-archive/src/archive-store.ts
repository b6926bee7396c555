/**
 * Where archived objects lie: a directory, or a bucket that lets nobody change or delete them. Names are paths
 * of lower-case letters, digits, `-`, `.` and `/`. Contract: test/contract.
 */
export type ArchiveStore = {
  /** Whether the store itself keeps an object until its day, against everybody. */
  readonly enforcesRetention: boolean;
  /**
   * Keeps an object under a name nothing has yet, until `retainUntil` at least. Durable when it resolves.
   * `exists` when the name is taken: what lies there is untouched, whatever it is, and as durable.
   */
  put(name: string, bytes: Uint8Array, retainUntil: Date): Promise<'stored' | 'exists'>;
  get(name: string): Promise<Uint8Array | undefined>;
  /** Until when the store keeps the object against everybody; undefined when it does not. */
  retainedUntil(name: string): Promise<Date | undefined>;
};

const NAME = /^[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?(?:\/[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?)*$/;

/** Throws RangeError for a name that could mean something to a file system or a bucket. */
export function requireObjectName(name: string): void {
  if (!NAME.test(name) || name.includes('..')) throw new RangeError('not a name of an object');
}
