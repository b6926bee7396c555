import { LAW } from '@mnv/bango-ho';
import type { Provenance, RetentionRule } from '@mnv/bango-ho';

const HEAD = `# How long numbers and documents are kept

Generated from the law table (version ${LAW.version}) by \`npm run documents\`; a test compares. Nothing here is legal advice: no row is \`confirmed-primary\`, and a 社労士, 税理士 or 弁護士 has to confirm each before it is relied on. \`mynumber retention explain --rule CODE --event DAY\` works a rule out step by step.

Two clocks: the **number** lives while a relation or a purpose goes on, and after that as long as the book (R-BOOK) needs it; each **document** that bears the number has its own. A rule that is \`needs-check\`, has no established clock or is only a maximum can lengthen a life and never ends one: what depends on it waits until two persons of the tenant decide (\`mynumber retention propose rule/CODE follow|keep\`). Whether the book is used at all is decided the same way (\`book yes|no\`); until then no number of an employee or dependant is due.

Periods are counted by Civil Code 140, 141 and 143; fixed days are not moved for holidays.
`;

/** docs/retention.md: each rule, how sure it is, and what is doubtful about it. */
export function retentionDocument(): string {
  return [
    HEAD,
    '## Rules\n',
    RULES_HEAD,
    ...LAW.retentionRules.map(ruleRow),
    '',
    '## Clocks\n',
    CLOCKS_HEAD,
    ...LAW.clocks.map(clockRow),
    '',
    '## Documents without a rule\n',
    unruled(),
    '',
  ].join('\n');
}

const RULES_HEAD =
  '| rule | documents | nature | period | clock | confidence | citation | doubt |\n|---|---|---|---|---|---|---|---|';
const CLOCKS_HEAD = '| clock | event | confidence | citation | doubt |\n|---|---|---|---|---|';

function ruleRow(rule: RetentionRule): string {
  const names = rule.documents.map((code) => documentName(code)).join('、');
  const { count, unit } = rule.period;
  return row([rule.code, names, rule.nature, `${count} ${unit}`, rule.clock, ...trust(rule)]);
}

function clockRow(clock: (typeof LAW.clocks)[number]): string {
  return row([clock.code, `${clock.eventJa} (${clock.eventEn})`, ...trust(clock)]);
}

function trust({ confidence, citation, doubt, effectiveFrom, effectiveTo }: Provenance): string[] {
  const reach = effectiveTo === null ? '' : `; ${effectiveFrom} to ${effectiveTo}`;
  return [confidence, `${citation}${reach}`, doubt ?? ''];
}

function documentName(code: string): string {
  return LAW.documents.find((one) => one.code === code)?.nameJa ?? code;
}

/** Kinds no rule is known for: nothing may ever end their life without a person. */
function unruled(): string {
  return LAW.documents
    .filter(({ retention, number }) => retention === 'not-established' && number !== 'forbidden')
    .map(({ nameJa, citation }) => `- ${nameJa} (${citation})`)
    .join('\n');
}

function row(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |`;
}
