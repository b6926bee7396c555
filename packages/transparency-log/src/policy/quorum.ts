import { parseDecimal } from '../note/decimal.ts';
import { malformedPolicy } from './policy-lines.ts';

/** Whether the witnesses of these policy names are enough. */
export type Quorum = (witnessed: ReadonlySet<string>) => boolean;

const NONE = 'none';

/**
 * The names of a policy file, each defined before it is used. A name is a member of one group at
 * most, so that each witness contributes to the quorum in one way only.
 */
export class QuorumNames {
  readonly #rules = new Map<string, Quorum>();
  readonly #members = new Set<string>();

  /** Throws NoteError if the name is taken or reserved. */
  defineWitness(name: string): void {
    this.#define(name, (witnessed) => witnessed.has(name));
  }

  /** `threshold` is `all`, `any`, or how many of the members are needed, in decimal. */
  defineGroup(name: string, threshold: string, members: readonly string[]): void {
    const rules = members.map((member) => this.#takeMember(member));
    const needed = neededOf(threshold, members.length);
    this.#define(name, (witnessed) => rules.filter((rule) => rule(witnessed)).length >= needed);
  }

  /** The rule of a defined name, or of `none`, which asks for no witness. */
  quorum(name: string): Quorum {
    return name === NONE ? () => true : this.#find(name);
  }

  #define(name: string, rule: Quorum): void {
    if (name === NONE || this.#rules.has(name)) throw malformedPolicy('a name is defined once');
    this.#rules.set(name, rule);
  }

  #takeMember(name: string): Quorum {
    if (this.#members.has(name)) throw malformedPolicy('a name is a group member at most once');
    this.#members.add(name);
    return this.#find(name);
  }

  #find(name: string): Quorum {
    const rule = this.#rules.get(name);
    if (rule === undefined) throw malformedPolicy('a name is defined before it is used');
    return rule;
  }
}

function neededOf(threshold: string, members: number): number {
  if (members === 0) throw malformedPolicy('a group has at least one member');
  if (threshold === 'all') return members;
  const needed = threshold === 'any' ? 1 : parseDecimal(threshold);
  if (needed === undefined || needed < 1 || needed > members) {
    throw malformedPolicy('a threshold is from 1 to the number of members');
  }
  return needed;
}
