import { controlAutomaton } from '@mnv/disposal-certificate';
import type { ControlEntry } from '@mnv/protocol';
import type { Tenant, World } from '../world.ts';
import { outcomesOf } from './answers.ts';
import { asAdministrator } from './as-administrator.ts';
import { entriesOf, openControlLog, until } from './control-log.ts';
import { disposing } from './disposing.ts';
import type { Batch, Shown } from './disposing.ts';
import { logAndMakeTicket, makeIntent } from './intent.ts';
import type { RunningVault } from './running-vault.ts';

const LEASE_OVER = '503 vault-unavailable';

/** What an epoch that went through wrote. */
export const EPOCH_ONCE = [
  'erasure.intent',
  'root.created',
  'erasure.flipped',
  'erasure.fenced',
  'erasure.erased',
];

/** Lets a vault run epochs until a batch is erased. A busy machine may refuse a connection: then again. */
export async function runToTheEnd(vault: RunningVault, tenant: Tenant, batch: Batch) {
  await until(async () => {
    await vault.runEpochs().catch(() => undefined);
    const { state } = (await disposing(vault, tenant).show(batch)).body as Shown;
    return state === 'erased' || undefined;
  });
}

/** Every entry of the control log, and what the automaton of the certificates finds wrong with them. */
export async function judgedLog(vault: RunningVault, world: World) {
  const entries = await entriesOf(await openControlLog(vault, world.controlVkey));
  const faults: string[] = [];
  const automaton = controlAutomaton((code, index) => faults.push(`${index} ${code}`));
  for (const [index, entry] of entries.entries()) automaton.judge(entry, index);
  return { entries, faults };
}

/** The operations of an epoch as they stand in the log, in their order. */
export function operationsOf(entries: readonly ControlEntry[], epoch: number): string[] {
  return entries
    .filter((entry) => entry.op.startsWith('erasure.') || entry.op === 'root.created')
    .filter((entry) => 'epoch' in entry && entry.epoch === epoch)
    .map(({ op }) => op);
}

/**
 * What a disclosure of these records answers, one after the other. A quiet vault does not renew its lease: when
 * that ends in between it says so, and is asked again.
 */
export async function disclosed(vault: RunningVault, tenant: Tenant, recordIds: string[]) {
  return until(async () => {
    const intent = await makeIntent(tenant.client, { tenant: tenant.tenantId, recordIds });
    const ticket = logAndMakeTicket(tenant.log, [intent]);
    const [outcome] = outcomesOf(await vault.call('/internal/disclosures', ticket));
    return outcome === LEASE_OVER ? undefined : outcome;
  });
}

/** How often each record of a batch was said to be erased, in the feed of record events. */
export async function erasedEvents(world: World, { recordIds }: Batch): Promise<number[]> {
  const rows = await asAdministrator<{ n: number }>(
    world.database,
    `select (select count(*)::int from vault.record_event e
             where e.record_id = id and e.kind = 'erased') as n
     from unnest($1::uuid[]) with ordinality as ids(id, at) order by at`,
    [recordIds],
  );
  return rows.map(({ n }) => n);
}

/** Ends database sessions, as the end of their process does or a network that is gone. */
export async function endSessions(world: World, sessions: readonly number[]): Promise<void> {
  await asAdministrator(
    world.database,
    'select pg_terminate_backend(pid, 5000) from unnest($1::int[]) as pid',
    [sessions],
  );
}

/** Takes the lock of epochs from its holder, who does not hear of it. */
export async function loseLock(world: World): Promise<void> {
  const lost = await asAdministrator(
    world.database,
    `select pg_terminate_backend(pid, 5000) from pg_locks where locktype = 'advisory' and granted
       and objid = 7401003 and database = (select oid from pg_database where datname = current_database())`,
  );
  if (lost.length !== 1) throw new Error('nobody held the lock');
}

/** Time passes: every instance that does not beat again counts as silent. */
export async function letInstancesFallSilent(world: World): Promise<void> {
  await asAdministrator(
    world.database,
    `update vault.vault_instance set seen_at = seen_at - interval '1 hour'`,
  );
}
