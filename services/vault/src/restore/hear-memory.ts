import { Refusal } from '@mnv/core';
import { NoteError, openNote, parseCheckpoint } from '@mnv/transparency-log';
import type { Checkpoint, Policy, VerifiedSignature } from '@mnv/transparency-log';
import type { RememberedHead } from './outside-memory.ts';
import { witnessSource } from './outside-memory.ts';

/** What a service hands over of what it and the witnesses remember of the control log. */
export type HandedMemory = {
  /** The newest checkpoint note it has ever seen; undefined when it has seen none. */
  seen?: string | undefined;
  /** `cosigned`: a note with the cosignature; `setBack`: it cosigned what this vault did not show. */
  witnesses: ({ cosigned: string } | { name: string; setBack: { size?: number | undefined } })[];
};

/**
 * What is said, as far as it can be believed: notes carry our own signature, and cosignatures the witness's.
 * A size without a note can only close the fence.
 * @throws Refusal `invalid-request` for a note that is not ours
 */
export function hearMemory(
  { seen, witnesses }: HandedMemory,
  from: { source: string; origin: string; policy: Policy },
): RememberedHead[] {
  const nothing = { size: 0, root: undefined };
  const own = seen === undefined ? nothing : openOwn(seen, from).checkpoint;
  const heads: RememberedHead[] = [
    {
      source: from.source,
      size: own.size,
      root: own.root,
      contradicts: false,
      saidAt: undefined,
    },
  ];
  for (const word of witnesses) {
    if ('cosigned' in word) heads.push(...cosignedHeads(word.cosigned, from));
    else if (from.policy.witnesses.has(word.name))
      heads.push({
        source: witnessSource(word.name),
        size: word.setBack.size ?? 0,
        root: undefined,
        contradicts: word.setBack.size === undefined,
        saidAt: undefined,
      });
  }
  return heads;
}

type Expected = { origin: string; policy: Policy };
type Own = { checkpoint: Checkpoint; verified: readonly VerifiedSignature[] };

/** One head for each witness of the policy whose cosignature the note carries. */
export function cosignedHeads(note: string, expected: Expected): RememberedHead[] {
  const { checkpoint, verified } = openOwn(note, expected);
  return [...expected.policy.witnesses].flatMap(([name, { key }]) => {
    const signature = verified.find((one) => one.name === key.name && one.keyId === key.keyId);
    if (signature?.timestamp === undefined) return [];
    const { size, root } = checkpoint;
    const saidAt = new Date(signature.timestamp * 1000);
    return [{ source: witnessSource(name), size, root, contradicts: false, saidAt }];
  });
}

function openOwn(note: string, { origin, policy }: Expected): Own {
  const keys = policy.logKeysOf(origin);
  const witnessKeys = [...policy.witnesses.values()].map(({ key }) => key);
  try {
    const { text, verified } = openNote(note, [...keys, ...witnessKeys]);
    const checkpoint = parseCheckpoint(text);
    const isOurs = keys.some(({ name, keyId }) =>
      verified.some((one) => one.name === name && one.keyId === keyId),
    );
    if (isOurs && checkpoint.origin === origin) return { checkpoint, verified };
  } catch (error) {
    if (!(error instanceof NoteError)) throw error;
  }
  throw new Refusal('invalid-request', 'The note is not a checkpoint of this control log.');
}
