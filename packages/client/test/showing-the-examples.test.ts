import { describe, expect, it } from '@jest/globals';
import { readFileSync, readdirSync } from 'node:fs';

const PACKAGE = new URL('..', import.meta.url);
const readme = readFileSync(new URL('README.md', PACKAGE), 'utf8');

describe('the README', () => {
  it.each(readdirSync(new URL('examples', PACKAGE)))('shows the example %s as it is', (file) => {
    const code = readFileSync(new URL(`examples/${file}`, PACKAGE), 'utf8');

    expect(readme.includes(`\`\`\`ts\n${code}\`\`\`\n`)).toBe(true);
  });
});
