import type { Law, LawData, LegalDay } from '@mnv/bango-ho';
import { LAW, loadLaw } from '@mnv/bango-ho';
import { digestOfJson } from '@mnv/protocol';

/** A table of the law, named by its digest (base64url). */
export type NamedLaw = { law: Law; digest: string };

/** The table this release came with. */
export const RELEASED_LAW: NamedLaw = { law: LAW, digest: digestOfJson(LAW) };

/** A tenant in the middle of a change, and the tables before and after a few of them. */
const MAX_REMEMBERED = 32;
const remembered = new Map<string, NamedLaw>();

/**
 * The table of a digest; `readContent` is asked for it once. Throws where the content is another than what
 * people signed: nothing is computed by it.
 */
export async function lawOfDigest(
  digest: string,
  readContent: () => Promise<LawData>,
): Promise<NamedLaw> {
  if (digest === RELEASED_LAW.digest) return RELEASED_LAW;
  const known = remembered.get(digest);
  if (known !== undefined) return known;
  const content = await readContent();
  if (digestOfJson(content) !== digest)
    throw new Error('a stored law table is not what was signed');
  const named = { law: loadLaw(content), digest };
  if (remembered.size >= MAX_REMEMBERED) remembered.clear();
  remembered.set(digest, named);
  return named;
}

/** Finds the table a tenant computes by on a day. */
export type FindLaw = (on: LegalDay) => Promise<NamedLaw>;
