import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { removeWithProcess } from '../files/remove-with-process.ts';
import type { Say } from '../supervisor/keep-running.ts';
import { freePorts, type Ports } from '../supervisor/ports.ts';
import type { Detours } from './detours.ts';
import { type LocalSystem, startSystem } from './start-system.ts';

/** Longer than the processes of a system take to notice that their supervisor is gone. */
const ORPHANS_END_WITHIN_S = 12;

/** A directory that is removed when asked, or after this process has died without being asked. */
function removable(directory: string): { remove(): void } {
  const dismiss = removeWithProcess(directory, ORPHANS_END_WITHIN_S);
  return {
    remove: () => {
      rmSync(directory, { recursive: true, force: true });
      dismiss();
    },
  };
}

/** A system of its own on free ports. Stopping it, or killing this process, removes its data as well. */
export async function startTemporarySystem(order: {
  say: Say;
  signal: AbortSignal;
  durability?: 'durable' | 'fast';
  /** Ports the caller knows beforehand. */
  ports?: Ports;
  detours?: Detours | undefined;
  vaultSettings?: Readonly<Record<string, string>>;
}): Promise<LocalSystem> {
  const data = mkdtempSync(join(tmpdir(), 'mynumber-vault-'));
  const own = removable(data);
  try {
    const system = await startSystem({
      data,
      ports: order.ports ?? (await freePorts()),
      say: order.say,
      signal: order.signal,
      durability: order.durability ?? 'durable',
      detours: order.detours,
      ...(order.vaultSettings && { vaultSettings: order.vaultSettings }),
    });
    const cluster = removable(system.clusterDirectory);
    return {
      ...system,
      stop: async () => {
        await system.stop();
        cluster.remove();
        own.remove();
      },
    };
  } catch (error) {
    own.remove();
    throw error;
  }
}
