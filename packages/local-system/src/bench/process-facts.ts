import { readFileSync } from 'node:fs';

/** A tick of the kernel's processor accounting on Linux. */
const TICK_SECONDS = 0.01;
const MIB = 1024;

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

/** User and system time; the fields are counted behind the name, which may hold anything. */
function ownCpuSeconds(pid: number): number {
  const stat = read(`/proc/${pid}/stat`);
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11] ?? 0) + Number(fields[12] ?? 0)) * TICK_SECONDS;
}

/** Processor seconds of a process and of its children that still live. Zero where there is no /proc. */
export function cpuSeconds(pid: number): number {
  const children = read(`/proc/${pid}/task/${pid}/children`).split(' ').filter(Boolean);
  return [pid, ...children.map(Number)].reduce((sum, one) => sum + ownCpuSeconds(one), 0);
}

/** The most memory a process ever held (VmHWM), in MiB; undefined where there is no /proc. */
export function peakMemoryMib(pid: number): number | undefined {
  const kib = /^VmHWM:\s+(\d+) kB$/m.exec(read(`/proc/${pid}/status`))?.[1];
  return kib === undefined ? undefined : Number(kib) / MIB;
}
