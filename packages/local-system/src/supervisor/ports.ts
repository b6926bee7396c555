import { setTimeout as pause } from 'node:timers/promises';
import { freePort, isFreePort } from '@mnv/testing';

/** Offsets from the port base; the numbers are part of the public surface. */
const OFFSETS = {
  proxy: 0,
  vault: 1,
  console: 2,
  disposal: 3,
  identity: 4,
  witness: 5,
  postgres: 6,
} as const;

export type PortName = keyof typeof OFFSETS;
export type Ports = Record<PortName, number>;

export const DEFAULT_PORT_BASE = 8441;

/** The ports at and above a base, one for each part. */
export function portsFrom(base: number): Ports {
  const last = base + Math.max(...Object.values(OFFSETS));
  if (!Number.isInteger(base) || base < 1024 || last > 65535) {
    throw new RangeError('--port-base must be between 1024 and 65529');
  }
  const entries = Object.entries(OFFSETS).map(([name, offset]) => [name, base + offset]);
  return Object.fromEntries(entries) as Ports;
}

/** Ports that were free a moment ago, for systems that live for one run. */
export async function freePorts(): Promise<Ports> {
  const taken = new Set<number>();
  while (taken.size < Object.keys(OFFSETS).length) taken.add(await freePort());
  const numbers = [...taken];
  const entries = Object.keys(OFFSETS).map((name, at) => [name, numbers[at]]);
  return Object.fromEntries(entries) as Ports;
}

/**
 * Refuses in one sentence when a port is taken.
 * @param patienceMs how long to wait for the children of a supervisor that has just died
 */
export async function requireFreePorts(
  ports: Ports,
  { names, patienceMs }: { names: readonly PortName[]; patienceMs: number },
): Promise<void> {
  const deadline = Date.now() + patienceMs;
  for (const name of names) {
    while (!(await isFreePort(ports[name]))) {
      if (Date.now() >= deadline) {
        throw new Error(
          `Port ${ports[name]} (${name}) is taken by another program. ` +
            'Stop that program, or choose other ports with --port-base.',
        );
      }
      await pause(100);
    }
  }
}
