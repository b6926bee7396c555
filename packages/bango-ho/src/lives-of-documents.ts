import type { Claim, Life } from './combine-rules.ts';
import { combineRules } from './combine-rules.ts';
import { isInForce } from './find-rule.ts';
import type { Law } from './law.ts';
import type { LegalDay } from './legal-day.ts';
import type { DocumentEvent, RecordFact } from './record-event.ts';
import type { Standing } from './relation.ts';
import type { RetentionClock, RetentionRule } from './retention-rule.ts';

export type DocumentLife = {
  readonly document: string;
  readonly reference: string;
  readonly life: Life;
};

/** The life of each document, by the rules that govern its kind. `employment` starts the leaving clock. */
export function livesOfDocuments(
  facts: readonly RecordFact[],
  employment: Standing | undefined,
  law: Law,
): DocumentLife[] {
  return keptDocuments(facts).map((fact) => ({
    document: fact.document,
    reference: fact.reference,
    life: combineRules(claimsOn(fact, employment, law), law),
  }));
}

/** The papers and files that came to be kept and were not destroyed. */
export function keptDocuments(facts: readonly RecordFact[]): DocumentEvent[] {
  return facts
    .filter((fact) => fact.kind === 'document-submitted')
    .filter((fact) => !isDestroyed(fact, facts));
}

/** Of the same kind and name, on that day or later. */
function isDestroyed({ document, reference, on }: DocumentEvent, facts: readonly RecordFact[]) {
  return facts.some(
    (fact) =>
      fact.kind === 'document-destroyed' &&
      fact.document === document &&
      fact.reference === reference &&
      fact.on >= on,
  );
}

type Versions = readonly (readonly [rule: string, versions: readonly RetentionRule[]])[];
const rulesByDocument = new WeakMap<Law, Map<string, Versions>>();

/** The rules over a kind of document, each with its versions; worked out once for a table of the law. */
function rulesOver(document: string, law: Law): Versions {
  const known = rulesByDocument.get(law) ?? new Map<string, Versions>();
  rulesByDocument.set(law, known);
  const found = known.get(document);
  if (found !== undefined) return found;
  const rules = law.retentionRules.filter((row) => row.documents.includes(document));
  const versions = [...Map.groupBy(rules, (row) => row.code).entries()];
  // Kinds that are not in the table are not remembered: anybody could name any number of them.
  if (law.documents.some((row) => row.code === document)) known.set(document, versions);
  return versions;
}

/** The rules over one document, each with the day that starts its clock. */
export function claimsOn(fact: DocumentEvent, employment: Standing | undefined, law: Law): Claim[] {
  return rulesOver(fact.document, law).map(([rule, versions]) => {
    const event = eventOf(clockOf(versions, fact, law), fact, employment);
    return {
      rule,
      event: versions.some((row) => event !== null && isInForce(row, event)) ? event : null,
    };
  });
}

/** The clock in force on the document's own day; undefined where the table does not reach that day. */
function clockOf(
  versions: readonly RetentionRule[],
  { on }: DocumentEvent,
  law: Law,
): RetentionClock | undefined {
  const rule = versions.find((row) => isInForce(row, on));
  return law.clocks.find((row) => row.code === rule?.clock && isInForce(row, on));
}

function eventOf(
  clock: RetentionClock | undefined,
  { on, deadline, completedOn }: DocumentEvent,
  employment: Standing | undefined,
): LegalDay | null {
  const startedBy = clock?.startedBy ?? 'last-omitted-deadline';
  const days = {
    deadline: deadline ?? null,
    completion: completedOn ?? null,
    leaving: employment?.state === 'ended' ? employment.on : null,
    'document-day': on,
    // The book is the number record itself, never one of its documents.
    'last-omitted-deadline': null,
  };
  return days[startedBy];
}
