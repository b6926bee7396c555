import type { AccessEntry } from '@mnv/protocol';

/**
 * How often a record's number left for one recipient, as far as an access log can tell: at least as often as it
 * says delivered, at most as often as it announced. In between is what was refused or failed at the last moment:
 * the vault remembers a request before it judges its records.
 */
export type LoggedCount = {
  delivered: number;
  /** Of those, the ones announced after an instant. */
  deliveredSince: number;
  announced: number;
};

type Intent = {
  readonly rec: string;
  readonly recipient: string;
  /** When it was announced, ms. */
  readonly at: number;
  ended: 'delivered' | 'refused' | undefined;
};

/** Follows the releases of some records through the entries of an access log, in order. */
export class LoggedReleases {
  readonly #wanted: ReadonlySet<string>;
  readonly #byRequest = new Map<string, Intent[]>();
  readonly #byRecord = new Map<string, Intent[]>();

  constructor(records: Iterable<string>) {
    this.#wanted = new Set(records);
  }

  see({ k, t: at, rid, rec, act, sub, dec }: AccessEntry): void {
    if (k === 'intent' && this.#wanted.has(rec)) {
      const intent: Intent = { rec, recipient: recipientKey(act, sub), at, ended: undefined };
      keep(this.#byRequest, rid, intent);
      keep(this.#byRecord, rec, intent);
    }
    if (k === 'outcome') this.#end(rid, { rec, dec });
  }

  /** By recipient, see {@link recipientKey}. */
  of(record: string, { since }: { since: number }): ReadonlyMap<string, LoggedCount> {
    const counts = new Map<string, LoggedCount>();
    for (const { recipient, at, ended } of this.#byRecord.get(record) ?? []) {
      const count = counts.get(recipient) ?? { delivered: 0, deliveredSince: 0, announced: 0 };
      count.announced += 1;
      if (ended === 'delivered') count.delivered += 1;
      if (ended === 'delivered' && at > since) count.deliveredSince += 1;
      counts.set(recipient, count);
    }
    return counts;
  }

  /** An outcome without a record is of all that the request does not refuse one by one, before or after. */
  #end(rid: string, { rec, dec }: { rec: string; dec: string }): void {
    for (const intent of this.#byRequest.get(rid) ?? []) {
      if (rec !== '' && rec !== intent.rec) continue;
      if (dec === 'failed' || dec.startsWith('deny:')) intent.ended = 'refused';
      else if (dec === 'delivered') intent.ended ??= 'delivered';
    }
  }
}

/** One text for one recipient. */
export function recipientKey(act: string, sub: string): string {
  return JSON.stringify([act, sub]);
}

function keep(lists: Map<string, Intent[]>, key: string, intent: Intent): void {
  const list = lists.get(key);
  if (list === undefined) lists.set(key, [intent]);
  else list.push(intent);
}
