/** `stricter`: our profile refuses by design what the vector would let through. It counts as passed as well. */
export type Verdict = 'passed' | 'stricter' | 'failed';

/** One vector. The name is printed when it fails, so it never holds an input. */
export type Case = { name: string; judge: () => Verdict | Promise<Verdict> };

/** The vectors of one kind of file: which files, and how their content becomes cases. */
export type Suite = { matches: RegExp; cases: (data: unknown) => Case[] };

export type Tally = { passed: number; failed: number; stricter: number; failures: string[] };

export function passedIf(holds: boolean): Verdict {
  return holds ? 'passed' : 'failed';
}

/** Judges every case. A throw is a failure: where a refusal is expected, the case itself catches it. */
export async function tallyOf(cases: Case[]): Promise<Tally> {
  const tally: Tally = { passed: 0, failed: 0, stricter: 0, failures: [] };
  for (const { name, judge } of cases) {
    const verdict = await verdictOf(judge);
    tally[verdict === 'failed' ? 'failed' : 'passed'] += 1;
    if (verdict === 'stricter') tally.stricter += 1;
    if (verdict === 'failed') tally.failures.push(name);
  }
  return tally;
}

async function verdictOf(judge: Case['judge']): Promise<Verdict> {
  try {
    return await judge();
  } catch {
    return 'failed';
  }
}
