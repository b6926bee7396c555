import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Say } from '../supervisor/keep-running.ts';
import { freePorts } from '../supervisor/ports.ts';
import { type LocalSystem, startSystem } from './start-system.ts';

/** A system of its own on free ports. Stopping it removes its data as well. */
export async function startTemporarySystem(order: {
  say: Say;
  signal: AbortSignal;
  durability?: 'durable' | 'fast';
}): Promise<LocalSystem> {
  const data = mkdtempSync(join(tmpdir(), 'mynumber-vault-'));
  const remove = (path: string) => rmSync(path, { recursive: true, force: true });
  try {
    const system = await startSystem({
      data,
      ports: await freePorts(),
      say: order.say,
      signal: order.signal,
      durability: order.durability ?? 'durable',
    });
    return {
      ...system,
      stop: async () => {
        await system.stop();
        remove(system.clusterDirectory);
        remove(data);
      },
    };
  } catch (error) {
    remove(data);
    throw error;
  }
}
