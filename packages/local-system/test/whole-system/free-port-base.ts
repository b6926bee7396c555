import { randomInt } from 'node:crypto';
import { portsFrom, requireFreePorts } from '../../src/supervisor/ports.ts';

/** The first of seven neighbouring ports that were free a moment ago. */
export async function freePortBase(): Promise<number> {
  const base = randomInt(20_000, 30_000);
  const ports = portsFrom(base);
  const names = Object.keys(ports) as (keyof typeof ports)[];
  try {
    await requireFreePorts(ports, { names, patienceMs: 0 });
    return base;
  } catch {
    return freePortBase();
  }
}
