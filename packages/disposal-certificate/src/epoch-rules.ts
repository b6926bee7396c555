import type { ControlEntry } from '@mnv/protocol';
import type { FindFault } from './control-automaton.ts';
import type { LoggedRoot, RootRules } from './root-rules.ts';

type Running = {
  readonly epoch: number;
  readonly cnt: number;
  readonly from: LoggedRoot | undefined;
  to: LoggedRoot | undefined;
  stage: 'intent' | 'flipped' | 'fenced';
};

type Of<Op extends ControlEntry['op']> = Extract<ControlEntry, { op: Op }>;
type Judges = { [Op in ControlEntry['op']]?: (entry: Of<Op>, index: number) => void };

/** One epoch after the other: intent, root, flip, fence, end; or given up before the flip. */
export class EpochRules {
  readonly #find: FindFault;
  readonly #roots: RootRules;
  #running: Running | undefined;
  /** An epoch's number is used once. */
  #newest = 0;
  /** The epoch that the key tree stands on. */
  #tree = 0;

  readonly #judges: Judges = {
    'root.created': (entry, index) => this.#rootCreated(entry, index),
    'erasure.intent': (entry, index) => this.#intended(entry, index),
    'erasure.flipped': (entry, index) => this.#flipped(entry, index),
    'erasure.fenced': (entry, index) => this.#fenced(entry, index),
    'erasure.erased': (entry, index) => this.#ended(entry, index),
    'erasure.rotated': (entry, index) => this.#ended(entry, index),
    'erasure.aborted': (entry, index) => this.#aborted(entry, index),
    'restore.reconciled': (entry, index) => this.#reconciled(entry, index),
  };

  constructor(find: FindFault, roots: RootRules) {
    this.#find = find;
    this.#roots = roots;
  }

  /** After the rules about roots have judged the same entry. */
  judge(entry: ControlEntry, index: number): void {
    const judge = this.#judges[entry.op] as ((e: ControlEntry, i: number) => void) | undefined;
    judge?.(entry, index);
  }

  /** The first root version comes with the tree; every other one with its epoch. */
  #rootCreated({ root, epoch }: Of<'root.created'>, index: number): void {
    if (this.#roots.all.length === 1) {
      this.#newest = epoch;
      this.#tree = epoch;
      return;
    }
    const running = this.#runningIn(epoch, 'intent');
    if (!running || running.to) this.#find('root-outside-epoch', index);
    else running.to = this.#roots.named(root);
  }

  #intended({ epoch, cnt, root }: Of<'erasure.intent'>, index: number): void {
    if (this.#running) this.#find('epochs-overlap', index);
    if (epoch <= this.#newest) this.#find('epoch-went-back', index);
    const from = this.#roots.named(root);
    if (!from || from !== this.#roots.inUse) this.#find('intent-under-other-root', index);
    this.#running = { epoch, cnt, from, to: undefined, stage: 'intent' };
    this.#newest = Math.max(this.#newest, epoch);
  }

  #flipped({ epoch, root: ref }: Of<'erasure.flipped'>, index: number): void {
    const running = this.#runningIn(epoch, 'intent');
    if (running) running.stage = 'flipped';
    else this.#find('flip-out-of-order', index);
    this.#standOn(this.#roots.named(ref), { made: running?.to, epoch }, index);
    this.#tree = Math.max(this.#tree, epoch);
  }

  #standOn(
    root: LoggedRoot | undefined,
    { made, epoch }: { made: LoggedRoot | undefined; epoch: number },
    index: number,
  ): void {
    if (!root || root !== made || root.epoch !== epoch) this.#find('flip-to-other-root', index);
    if (root?.disabled) this.#find('sealed-under-dead-root', index);
    if (root) this.#roots.use(root);
  }

  #fenced({ epoch, cnt }: Of<'erasure.fenced'>, index: number): void {
    const running = this.#runningIn(epoch, 'flipped');
    if (running) running.stage = 'fenced';
    else this.#find('fence-out-of-order', index);
    if (cnt === 0) this.#find('fence-of-nobody', index);
  }

  #ended({ op, epoch, cnt }: Of<'erasure.erased' | 'erasure.rotated'>, index: number): void {
    const running = this.#runningIn(epoch, 'fenced');
    if (!running) this.#find('end-out-of-order', index);
    else {
      // A rotation erases nothing, and leaves nothing under the old root.
      const isRotation = op === 'erasure.rotated';
      const isWhole = cnt === running.cnt && isRotation === (running.cnt === 0);
      if (!isWhole) this.#find('count-differs', index);
      if (running.from?.disabled === false) this.#find('old-root-in-use', index);
    }
    this.#running = undefined;
  }

  #aborted({ epoch }: Of<'erasure.aborted'>, index: number): void {
    const running = this.#runningIn(epoch, 'intent');
    if (!running) this.#find('abort-out-of-order', index);
    else if (running.to) running.to.spent = true;
    this.#running = undefined;
  }

  #reconciled({ epoch }: Of<'restore.reconciled'>, index: number): void {
    if (epoch < this.#tree) this.#find('tree-set-back', index);
  }

  #runningIn(epoch: number, stage: Running['stage']): Running | undefined {
    const running = this.#running;
    return running?.epoch === epoch && running.stage === stage ? running : undefined;
  }
}
