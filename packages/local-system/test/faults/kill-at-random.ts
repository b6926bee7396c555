import { setTimeout as pause } from 'node:timers/promises';
import type { LocalSystem } from '../../src/system/start-system.ts';
import { answersOk } from '../../src/system/answers-ok.ts';
import { apiClientOf } from '../../src/system/client-for.ts';

const VICTIMS = ['vault', 'access proxy', 'PostgreSQL'] as const;
const RECOVERY_MS = 30_000;

/** Kills one part after another with SIGKILL, each time when all of them run and work has gone on for a while. */
export async function killAtRandom(
  system: LocalSystem,
  { kills, random }: { kills: number; random: (below: number) => number },
): Promise<string[]> {
  const killed: string[] = [];
  for (let count = 0; count < kills; count += 1) {
    await pause(100 + random(700));
    const victim = VICTIMS[random(VICTIMS.length)] ?? 'vault';
    const pid = system.pids()[victim];
    if (pid === undefined) throw new Error(`${victim} does not run`);
    process.kill(pid, 'SIGKILL');
    killed.push(victim);
    await untilAllAnswer(system, pid);
  }
  return killed;
}

async function untilAllAnswer({ endpoints, pids }: LocalSystem, killed: number): Promise<void> {
  const deadline = Date.now() + RECOVERY_MS;
  const as = apiClientOf(endpoints, 'payroll');
  const url = `${endpoints.services.proxy}/health/ready`;
  while (Date.now() < deadline) {
    const running = VICTIMS.every((name) => ![undefined, killed].includes(pids()[name]));
    if (running && (await answersOk({ url, caFile: endpoints.ca, as }))) return;
    await pause(50);
  }
  throw new Error('the system did not recover');
}
