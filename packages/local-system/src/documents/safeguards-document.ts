import { LAW } from '@mnv/bango-ho';
import type { Safeguard } from '@mnv/bango-ho';
import { SAFEGUARD_ANSWERS } from './safeguard-answers.ts';

const HEAD = `# Security control measures (別添1 安全管理措置)

Generated from the law table (version ${LAW.version}) and the answers beside the generator; \`npm run documents\` writes it, and a test compares. Each item: what the product does, what shows it, and what remains with people. The guideline's wording is shortened; unless it says otherwise, **nobody has compared it with the official text yet** (confidence \`needs-check\`). The relaxations for small businesses do not apply to an outsourcer.
`;

/** docs/safeguards.md. Throws when an item has no answer. */
export function safeguardsDocument(): string {
  return [HEAD, ...LAW.safeguards.map(sectionOf)].join('\n');
}

function sectionOf({ code, nameJa, nameEn, examplesJa, records, confidence, citation }: Safeguard) {
  const answer = SAFEGUARD_ANSWERS[code];
  if (answer === undefined) throw new Error(`no answer for the safeguard ${code}`);
  return `## ${code} ${nameJa}
${nameEn}. ${citation}; ${confidence}.

- 手法の例示: ${examplesJa.join('、')}
- asks for: ${listed(records)}
- **does**: ${listed(answer.does)}
- **evidence**: ${listed(answer.evidence)}
- **people**: ${listed(answer.people)}
`;
}

function listed(texts: readonly string[]): string {
  return texts.length === 0 ? 'nothing' : texts.join('; ');
}
