import type { ReleasedRecord, ReleasedRequest, Ticket, TicketAnswer } from '@mnv/protocol';
import { Refusal } from '@mnv/core';
import type { ServiceClient } from '@mnv/service-kit';
import { problemCodeOf } from '@mnv/service-kit';
import type { ConsistencyProof, Run } from './build-ticket.ts';
import { base64All, buildTicket, consistencyBetween } from './build-ticket.ts';

const VAULT_DEADLINE_MS = 1_500;
const CHUNK_DEADLINE_MS = 8_000;
const INTERACTIVE_ENTRIES = 32;
/** Tickets of one log overtake each other, and other instances show theirs: the newest size moves meanwhile. */
const PROOFS_SHOWN = 6;

/** Where a ticket is shown, and how long its answer may take. */
export type TicketDoor = { path: string; deadlineOf(entries: number): number };

const NUMBERS: TicketDoor = {
  path: '/internal/disclosures',
  deadlineOf: (entries) => (entries > INTERACTIVE_ENTRIES ? CHUNK_DEADLINE_MS : VAULT_DEADLINE_MS),
};
/** Copies of identity documents: few, and large. */
export const DOCUMENTS: TicketDoor = {
  path: '/internal/identity-documents/disclosures',
  deadlineOf: () => CHUNK_DEADLINE_MS,
};

export type AskVault = <Released = ReleasedRecord>(
  run: Run,
  to?: TicketDoor,
) => Promise<ReleasedRequest<Released>[]>;

export type AskVaultDependencies = {
  vault: ServiceClient;
  /** A proof between two sizes of a log from what this process keeps, or undefined. */
  nodesOf(logId: string): { at(level: number, index: number): Uint8Array } | undefined;
  /** The same proof from the database, for sizes this process does not remember. */
  proveFromDatabase(logId: string, sizes: { size1: number; size2: number }): Promise<Uint8Array[]>;
  forgetBefore(logId: string, size: number): void;
};

/**
 * Shows the vault a run of entries. Consistency is proven from the last size shown to it; when it knows
 * another newest size (restart, another proxy, a ticket overtaken) it says so, and the same entries are shown
 * again with that proof. There is never a second entry.
 * @throws Refusal `vault-unavailable` when no answer came: the numbers may have been released
 */
export function makeAskVault(deps: AskVaultDependencies): AskVault {
  const lastShown = new Map<string, number>();
  const consistencyOf = new WeakMap<Run['batch'], ConsistencyProof>();

  return async <Released>(run: Run, to = NUMBERS) => {
    let consistency = consistencyOf.get(run.batch) ?? nextConsistency(run);
    for (let shown = 0; shown < PROOFS_SHOWN; shown += 1) {
      const answer = await ask<Released>(buildTicket(run, consistency), to);
      if (!('newestSize' in answer)) return answer.requests;
      consistency = await consistencyWith(run, answer.newestSize);
    }
    throw new Refusal('vault-unavailable', 'The vault did not accept the log. Try again.');
  };

  function nextConsistency({ batch }: Run): ConsistencyProof {
    const from = lastShown.get(batch.logId) ?? 0;
    const nodes = deps.nodesOf(batch.logId);
    const known =
      nodes && consistencyBetween(from, batch.size, (level, index) => nodes.at(level, index));
    const consistency = known ?? { from: 0, proof: [] };
    lastShown.set(batch.logId, Math.max(from, batch.size));
    consistencyOf.set(batch, consistency);
    deps.forgetBefore(batch.logId, from);
    return consistency;
  }

  async function consistencyWith({ batch }: Run, newest: number): Promise<ConsistencyProof> {
    const nodes = deps.nodesOf(batch.logId);
    const known =
      nodes && consistencyBetween(newest, batch.size, (level, index) => nodes.at(level, index));
    if (known) return known;
    const sizes = { size1: Math.min(newest, batch.size), size2: Math.max(newest, batch.size) };
    return { from: newest, proof: base64All(await deps.proveFromDatabase(batch.logId, sizes)) };
  }

  async function ask<Released>(
    ticket: Ticket,
    { path, deadlineOf }: TicketDoor,
  ): Promise<TicketAnswer<Released> | { newestSize: number }> {
    const deadlineMs = deadlineOf(ticket.entries.length);
    const { status, body } = await deps.vault.json(path, ticket, { deadlineMs });
    if (status === 200) return body as TicketAnswer<Released>;
    const { newestSize } = body as { newestSize?: unknown };
    if (status === 409 && typeof newestSize === 'number') return { newestSize };
    if (problemCodeOf(body) === 'log-forked')
      throw new Refusal('log-forked', 'The vault refuses this log.');
    if (problemCodeOf(body) === 'vault-restoring')
      throw new Refusal('vault-restoring', 'The vault releases nothing until it is reconciled.');
    throw new Refusal('vault-unavailable', 'The vault did not release. Nothing was answered.');
  }
}
