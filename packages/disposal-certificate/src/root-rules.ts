import type { ControlEntry } from '@mnv/protocol';
import type { FindFault } from './control-automaton.ts';

/** A root version as the log tells its life. `spent`: its epoch was given up, so that nothing rests on it. */
export type LoggedRoot = {
  readonly ref: string;
  readonly epoch: number;
  /** Index of its `root.created`. */
  readonly createdAt: number;
  disabled: boolean;
  spent: boolean;
  /** ms. */
  scheduledFor?: number;
  /** Index of its `root.destroyed`. */
  destroyedAt?: number;
};

const RETIREMENTS = ['root.disabled', 'root.destroy-scheduled', 'root.destroyed'] as const;
type Retirement = Extract<ControlEntry, { op: (typeof RETIREMENTS)[number] }>;
type Creation = Extract<ControlEntry, { op: 'root.created' }>;

/** The rules about root versions; which of them is in use is for the epochs to say. */
export class RootRules {
  readonly all: LoggedRoot[] = [];
  readonly #find: FindFault;
  #used: LoggedRoot | undefined;
  /** The youngest key tree of which a copy was restored. */
  #restorable = 0;

  constructor(find: FindFault) {
    this.#find = find;
  }

  judge(entry: ControlEntry, index: number): void {
    if (entry.op === 'root.created') this.#created(entry, index);
    if (entry.op === 'restore.verified') this.#restorable = Math.max(this.#restorable, entry.epoch);
    if (isRetirement(entry)) this.#retired(entry, index);
  }

  named(ref: string): LoggedRoot | undefined {
    return this.all.find((root) => root.ref === ref);
  }

  get inUse(): LoggedRoot | undefined {
    return this.#used;
  }

  /** The tree stands on this root version from now on. */
  use(root: LoggedRoot): void {
    this.#used = root;
  }

  #created({ root: ref, epoch }: Creation, index: number): void {
    const newest = this.all.at(-1);
    if (newest && (epoch <= newest.epoch || this.named(ref))) this.#find('root-went-back', index);
    const root = { ref, epoch, createdAt: index, disabled: false, spent: false };
    this.all.push(root);
    this.#used ??= root;
  }

  /** What is said of a root version must be said of one that exists and is not in use. */
  #retired(entry: Retirement, index: number): void {
    const root = this.named(entry.root);
    if (!root || root.epoch !== entry.epoch) this.#find('root-unknown', index);
    else if (root === this.#used) this.#find('root-in-use-retired', index);
    else if (root.destroyedAt !== undefined) this.#find('root-destroyed-before', index);
    else {
      root.disabled = true;
      if (entry.op === 'root.destroy-scheduled') this.#scheduled(root, entry.at, index);
      if (entry.op === 'root.destroyed') this.#destroyed(root, entry.t, index);
    }
  }

  #scheduled(root: LoggedRoot, at: number, index: number): void {
    root.scheduledFor = at;
    if (root.spent) return;
    if (this.#restorable <= root.epoch) this.#find('destroyed-without-copy', index);
    if (this.#olderThan(root).some(({ scheduledFor }) => scheduledFor === undefined))
      this.#find('destroyed-out-of-order', index);
  }

  #destroyed(root: LoggedRoot, t: number, index: number): void {
    root.destroyedAt = index;
    if (root.spent) return;
    if (root.scheduledFor === undefined || root.scheduledFor > t)
      this.#find('destroyed-early', index);
    if (this.#olderThan(root).some(({ destroyedAt }) => destroyedAt === undefined))
      this.#find('destroyed-out-of-order', index);
  }

  #olderThan(root: LoggedRoot): LoggedRoot[] {
    return this.all.filter((other) => !other.spent && other.epoch < root.epoch);
  }
}

function isRetirement(entry: ControlEntry): entry is Retirement {
  return RETIREMENTS.some((op) => op === entry.op);
}
