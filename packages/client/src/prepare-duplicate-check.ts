import type { JsonContext } from './json-call.ts';
import { linesOf, parseAnswer } from './read-answer.ts';
import { TransportError } from './transport-error.ts';

const STATES = ['building', 'ready', 'missing'] as const;

/**
 * How many of the tenant's numbers can be compared so far. `ready`: all of them; `missing`: they will not be,
 * for now: what is stored then says `duplicates-not-checked`.
 */
export type DuplicateCheckProgress = {
  state: (typeof STATES)[number];
  opened: number;
  of: number;
};

/**
 * Has the vault make the tenant's numbers comparable and tells how far that is, until it is done. To leave off
 * waiting, leave the loop: the vault goes on.
 * @throws ProblemError, TransportError, SessionEndedError
 */
export async function* prepareDuplicateCheck({
  call,
  tenant,
}: Pick<JsonContext, 'call' | 'tenant'>): AsyncGenerator<DuplicateCheckProgress> {
  const path = `/v1/tenants/${tenant}/records/duplicate-check`;
  for (;;) {
    const answer = await call(tenant, () => ({ method: 'POST', path }));
    let latest: DuplicateCheckProgress | undefined;
    try {
      for await (const line of linesOf(answer.body))
        yield (latest = progressFrom(parseAnswer(line)));
    } finally {
      answer.body.destroy();
    }
    if (latest === undefined) throw new TransportError('answer-invalid', 'PROGRESS');
    if (latest.state !== 'building') return;
  }
}

function progressFrom(value: unknown): DuplicateCheckProgress {
  const { state, opened, of } = (value ?? {}) as Record<string, unknown>;
  const known = STATES.find((one) => one === state);
  if (!known || !Number.isSafeInteger(opened) || !Number.isSafeInteger(of))
    throw new TransportError('answer-invalid', 'PROGRESS');
  return { state: known, opened: Number(opened), of: Number(of) };
}
