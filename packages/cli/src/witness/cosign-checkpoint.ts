import {
  cosigner,
  formatTreeSize,
  judgeAddCheckpoint,
  openNote,
  parseCheckpoint,
} from '@mnv/transparency-log';
import type { Judgement, Policy, WitnessedLog } from '@mnv/transparency-log';
import type { WitnessKey } from './witness-key.ts';
import type { LastHead, WitnessedHeads } from './witnessed-heads.ts';

const MAX_TRIES = 8;

export type WitnessAnswer = {
  status: number;
  type?: 'text/plain' | 'text/x.tlog.size';
  body: string;
};

export type WitnessDependencies = {
  key: WitnessKey;
  /** Whose checkpoints are cosigned: the `log` lines. Lines of witnesses mean nothing here. */
  policy: Policy;
  heads: WitnessedHeads;
  /** Milliseconds since the epoch. */
  now(): number;
};

/**
 * Answers `add-checkpoint` (C2SP tlog-witness): cosigns a checkpoint that extends what this witness cosigned
 * last for the log. The new head is durable before the cosignature exists.
 */
export function makeCosignCheckpoint({ key, policy, heads, now }: WitnessDependencies) {
  const own = cosigner(key.name, key.privateKey);

  async function knownLog(
    origin: string,
    last: LastHead | undefined,
  ): Promise<WitnessedLog | undefined> {
    const keys = policy.logKeysOf(origin);
    if (keys.length === 0) return undefined;
    if (last === undefined) return { keys };
    // Opened again: a file that was changed under us stops this log, and is not believed.
    return { keys, head: parseCheckpoint(openNote(last.note, keys).text) };
  }

  async function attempt(body: string): Promise<WitnessAnswer | undefined> {
    let last: LastHead | undefined;
    const judgement = await judgeAddCheckpoint(body, async (origin) => {
      last = await heads.last(origin);
      return knownLog(origin, last);
    });
    if (judgement.verdict !== 'cosign') return refusal(judgement);
    const { head, checkpoint } = judgement;
    if (!(await heads.advance(head.origin, last?.turn ?? 0, checkpoint))) return undefined;
    const line = own.cosign(checkpoint, Math.floor(now() / 1000));
    return { status: 200, type: 'text/plain', body: line };
  }

  return async (body: string): Promise<WitnessAnswer> => {
    for (let tries = 0; tries < MAX_TRIES; tries += 1) {
      const answer = await attempt(body);
      if (answer !== undefined) return answer;
    }
    return { status: 503, body: '' };
  };
}

function refusal(judgement: Exclude<Judgement, { verdict: 'cosign' }>): WitnessAnswer {
  if (judgement.verdict === 'refuse') return { status: judgement.status, body: '' };
  const body = formatTreeSize(judgement.knownSize);
  return { status: 409, type: 'text/x.tlog.size', body };
}
