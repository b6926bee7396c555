import { beforeAll, describe, expect, it } from '@jest/globals';
import { parsePolicy } from '@mnv/transparency-log';
import { CLAIMS, certificatePage, readCertificate, verifyCertificate } from '../src/index.ts';
import type { DisposalCertificate } from '../src/index.ts';
import { disposedWorld } from './certificate-world.ts';

let jws: string;
let certificate: DisposalCertificate;
let policyText: string;

beforeAll(async () => {
  const world = await disposedWorld({ stored: 20, disposed: [0, 1, 2, 3] });
  ({ policyText } = world);
  ({ jws } = await world.issue());
  ({ certificate } = readCertificate(jws));
});

const page = () => certificatePage(certificate, { digest: 'DIGEST' });

describe('the page of a certificate', () => {
  it('has every claim in both languages, every person, root, recipient and record', () => {
    const shown = page();
    for (const { ja, en } of [...CLAIMS.proved, ...CLAIMS.conditional, ...CLAIMS.notProvable])
      expect(shown).toContain(`${ja}<span lang="en">${en}</span>`);
    const { people, roots, items } = certificate;
    const named = [
      ...[people.requested, ...people.approved].map(({ sub }) => sub),
      ...roots.map(({ ref }) => ref),
      ...items.map(({ recordId }) => recordId),
      ...items.flatMap(({ egress }) => egress.recipients.map(({ sub }) => sub)),
    ];
    for (const name of named) expect(shown).toContain(name);
    expect(shown).toContain('段階：消去済み');
    expect(shown).toContain('復元不可能であるとは証明していない');
    expect(shown).toContain('2027-01-12 11:00:02 JST<span lang="en">2027-01-12T02:00:02.000Z');
  });

  it('says that nothing was verified, unless it was; then each claim bears its verdict', async () => {
    expect(page()).toContain('署名も証拠も検証していない');
    expect(page()).not.toContain('合格');
    const policy = parsePolicy(policyText, { origins: 'key-name-or-below' });
    const verification = await verifyCertificate(jws, { policy });
    const shown = certificatePage(certificate, { digest: 'DIGEST', verification });
    expect(shown).not.toContain('検証していない。');
    expect(shown.match(/class="verdict pass"/g)).toHaveLength(5);
    expect(shown.match(/class="verdict not-checked"/g)).toHaveLength(8);
    const failed = await verifyCertificate(jws, { policy, tenantId: 't-002' });
    const bad = certificatePage(certificate, { digest: 'DIGEST', verification: failed });
    expect(bad).toContain('class="verdict fail"');
    expect(bad).toContain('tenant-differs');
  });

  it('calls the cryptographic erase incomplete when a root version from before it existed at the issue', () => {
    expect(certificate.roots.some(({ epoch }) => epoch < certificate.epoch.number)).toBe(true);
    expect(page()).toContain('was not complete then');
    const gone = structuredClone(certificate);
    gone.roots = gone.roots.filter(({ epoch }) => epoch >= gone.epoch.number);
    const shown = certificatePage(gone, { digest: 'DIGEST' });
    expect(shown).not.toContain('was not complete then');
    expect(shown).toContain('by the word of their custodian');
  });

  it('loads nothing, runs nothing, and lets no name become a part of it', () => {
    const hostile = structuredClone(certificate);
    hostile.people.requested.sub = `<script>alert("1")</script>'&`;
    hostile.issuer.controller = '<img src=x onerror=1>';
    const shown = certificatePage(hostile, { digest: 'DIGEST' });
    expect(shown).toContain('&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt;&#39;&amp;');
    for (const text of [shown, page()])
      expect(text).not.toMatch(/<(script|img|link|iframe)|url\(|@import|\son[a-z]+="/i);
  });

  it('shows an entry that is none as an unknown time', () => {
    const odd = structuredClone(certificate);
    for (const entry of odd.log.entries) entry.entry = 'AAAA';
    expect(certificatePage(odd, { digest: '' })).toContain('<td>—</td>');
  });
});
