import type { Law } from '@mnv/bango-ho';
import type { TenantDecisions } from '../life/decided-life.ts';

/**
 * What a tenant decides: `book` (does it omit numbers from declarations because this is its book, 帳簿?),
 * `policy` (when due records are disposed of), `contract-end`, `rule/CODE` (an unsure rule or a maximum), and
 * `early/DRY-RUN` (disposal before the law would end the life).
 */
export type Topic = string;

/** A decision as it counts: confirmed by a second person. */
export type Decision = { topic: Topic; value: string };

const RULE = /^rule\/([A-Z0-9-]{3,20})$/;
const EARLY = /^early\/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const POLICY = /^(?:immediate|monthly|fiscal-year-end:(?:0[1-9]|1[0-2]))$/;

/** Whether a topic exists in a table of the law and a value is an answer to it. */
export function isAnswer(topic: Topic, value: string, law: Law): boolean {
  if (topic === 'book') return value === 'yes' || value === 'no';
  if (topic === 'policy') return POLICY.test(value);
  if (topic === 'contract-end' || EARLY.test(topic)) return value === 'dispose' || value === 'keep';
  const rule = RULE.exec(topic)?.[1];
  return rule !== undefined && answersOfRule(rule, law).includes(value);
}

/** `follow` takes the rule as the table states it. Where no start of its clock is known there is nothing to follow. */
function answersOfRule(code: string, law: Law): readonly string[] {
  const versions = law.retentionRules.filter((row) => row.code === code);
  if (versions.length === 0) return [];
  const clocks = law.clocks.filter((row) => versions.some(({ clock }) => clock === row.code));
  return clocks.some(({ start }) => start.kind === 'unknown') ? ['keep'] : ['follow', 'keep'];
}

/** The decisions that bear on lives; the newest of each topic is given. */
export function bearingOf(decisions: readonly Decision[]): TenantDecisions {
  const byTopic = new Map(decisions.map(({ topic, value }) => [topic, value]));
  const book = byTopic.get('book');
  const followed = decisions.flatMap(({ topic, value }) =>
    value === 'follow' ? (RULE.exec(topic)?.[1] ?? []) : [],
  );
  return {
    usesBook: book === 'yes' || book === 'no' ? book : 'undecided',
    followed: new Set(followed),
    disposesAtContractEnd: byTopic.get('contract-end') === 'dispose',
  };
}
