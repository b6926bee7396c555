import type { Provenance } from '../provenance.ts';
import type { Safeguard } from '../safeguard.ts';
import { statedBy, toBeChecked } from './provenance-of.ts';

type Item = Omit<Safeguard, keyof Provenance>;

const GUIDELINE = '特定個人情報の適正な取扱いに関するガイドライン（事業者編）別添1';
const UNREAD = 'the wording is from general knowledge; the official text was not compared';

/** An item nobody has compared with the official text. */
export function fromKnowledge(item: Item): Safeguard {
  return { ...item, ...toBeChecked(`${GUIDELINE} ${item.code}`, UNREAD) };
}

/** An item whose wording publications quote. */
export function published(item: Item, sources: readonly string[]): Safeguard {
  return { ...item, ...statedBy(`${GUIDELINE} ${item.code}`, sources) };
}
