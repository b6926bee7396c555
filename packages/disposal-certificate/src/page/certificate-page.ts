import type { CertificateItem, DisposalCertificate } from '../certificate-format.ts';
import type { ClaimVerdict, Verdict } from '../findings.ts';
import type { CertificateVerification } from '../verify-certificate.ts';
import { inJapan, viewOf } from './certificate-view.ts';
import type { Label } from './certificate-view.ts';
import { html } from './html.ts';
import type { Html, HtmlValue } from './html.ts';
import { PAGE_STYLE } from './page-style.ts';

type Verdicts = ReadonlyMap<string, ClaimVerdict>;

/**
 * A page to read, print and file, Japanese first: complete in itself, no script, nothing loaded from anywhere.
 * It is no certificate: the signature is in the file. With a `verification` every claim bears its verdict;
 * without, the page says that nothing was verified.
 */
export function certificatePage(
  certificate: DisposalCertificate,
  { digest, verification }: { digest: string; verification?: CertificateVerification },
): string {
  const verdicts = new Map(verification?.claims.map((claim) => [claim.id, claim]));
  return html`<!doctype html>
<html lang="ja">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>廃棄証明書 ${certificate.certificateId}</title>
<style>${PAGE_STYLE}</style>
</head>
<body>
${headPart(verification)}
${factsPart(certificate)}
${stepsPart(certificate)}
${claimsPart(certificate, verdicts)}
${rootsPart(certificate)}
${egressPart(certificate)}
${itemsPart(certificate)}
${footPart(digest)}
</body>
</html>
`.toString();
}

function headPart(verification: CertificateVerification | undefined): Html {
  const checked = verification
    ? html`<p class="checked">この表示の各主張には、検証の結果を付した。<span lang="en">Each claim below bears the verdict of its verification.</span></p>`
    : html`<p class="unchecked">この表示は、署名も証拠も検証していない。<span lang="en">Nothing on this page was verified: neither the signature nor the evidence.</span></p>`;
  return html`<header>
<h1>個人番号 廃棄証明書<span lang="en">Certificate of disposal of Individual Numbers</span></h1>
<p class="stage"><b>段階：消去済み</b>　復元不可能であるとは証明していない。<span lang="en">Stage: erased. It is not certified that the numbers are irrecoverable.</span></p>
${checked}
</header>`;
}

function factsPart(certificate: DisposalCertificate): Html {
  const rows = viewOf(certificate).facts.map(
    ({ label, value }) => html`<tr><th scope="row">${both(label)}</th><td>${value}</td></tr>`,
  );
  return html`<section><table class="facts">${rows}</table></section>`;
}

function stepsPart(certificate: DisposalCertificate): Html {
  const rows = viewOf(certificate).steps.map(({ label, index, at, who }) =>
    row(both(label), who ?? '', when(at), index),
  );
  return section({ ja: '経過', en: 'What was done' }, [
    table(['手続 / step', '氏名又は識別子 / person', '日時 / time', '統制記録 / entry'], rows),
  ]);
}

const CLAIM_PARTS = [
  [
    'proved',
    { ja: '署名とハッシュのみから証明されること', en: 'Proved by signatures and hashes alone' },
  ],
  [
    'conditional',
    {
      ja: '条件が満たされる限りで成り立つこと',
      en: 'True on conditions that no computation shows',
    },
  ],
  ['notProvable', { ja: '証明できないこと', en: 'Not provable by anybody' }],
] as const;

function claimsPart({ claims }: DisposalCertificate, verdicts: Verdicts): Html {
  const parts = CLAIM_PARTS.map(([kind, title]) => {
    const rows = claims[kind].map(
      ({ id, ja, en }) =>
        html`<tr><th scope="row">${id}</th><td>${ja}<span lang="en">${en}</span>${remarks(verdicts.get(id))}</td>${verdictCell(verdicts.get(id))}</tr>`,
    );
    return section(title, [html`<table class="claims">${rows}</table>`]);
  });
  return html`${parts}`;
}

const WORDS: Record<Verdict, Label> = {
  PASS: { ja: '合格', en: 'PASS' },
  FAIL: { ja: '不合格', en: 'FAIL' },
  'NOT CHECKED': { ja: '未確認', en: 'NOT CHECKED' },
};

function verdictCell(claim: ClaimVerdict | undefined): Html | undefined {
  if (claim === undefined) return undefined;
  const kind = claim.verdict.toLowerCase().replace(' ', '-');
  return html`<td class="verdict ${kind}">${both(WORDS[claim.verdict])}</td>`;
}

function remarks(claim: ClaimVerdict | undefined): Html[] {
  const notes = claim?.note ? [claim.note] : [];
  const found = claim?.findings.map(({ code, ja, en, at }) => ({
    ja: `✗ ${ja}`,
    en: at === undefined ? `${code}: ${en}` : `${code} @${at}: ${en}`,
  }));
  return [...notes, ...(found ?? [])].map(
    ({ ja, en }) => html`<small>${ja}<span lang="en">${en}</span></small>`,
  );
}

function rootsPart({ roots, epoch }: DisposalCertificate): Html {
  const rows = roots.map(({ ref, epoch: made, kind, assurance, status, destroyAt }) =>
    row(
      ref,
      made < epoch.number ? '消去前 / before' : '消去後 / after',
      `${kind}, ${assurance}`,
      status,
      when(destroyAt),
    ),
  );
  return section({ ja: '発行時に存在する根の版', en: 'Root versions that existed at the issue' }, [
    html`<p>消去前の根の版と、消去前の控えとを併せ持つ者は、番号を復元できる。保証が none の根は、破棄されても復元不可能の証拠とならない。<span lang="en">Whoever has a root version from before the erasure and a backup from before it can recover the numbers. A root of assurance none gives no evidence of irrecoverability, even when destroyed.</span></p>`,
    table(
      [
        '版 / version',
        '',
        '種類・保証 / kind, assurance',
        '状態 / status',
        '破棄予定 / planned end',
      ],
      rows,
    ),
  ]);
}

function egressPart(certificate: DisposalCertificate): Html {
  const { recipients, unreleased, mayLack } = viewOf(certificate);
  const rows = recipients.map(({ act, sub, numbers, records }) => row(sub, act, records, numbers));
  return section({ ja: '廃棄前の開示', en: 'Releases before the disposal' }, [
    html`<p>写し・印刷物・出力ファイルの有無は、次の者に尋ねる。開示の控えのない記録：${unreleased}件。<span lang="en">Ask these about copies, prints and files. Records without a release on record: ${unreleased}.</span></p>`,
    mayLack ? html`<p><b>${mayLack.ja}</b><span lang="en">${mayLack.en}</span></p>` : html``,
    table(['担当者 / person', 'システム / client', '記録数 / records', '回数 / releases'], rows),
  ]);
}

function itemsPart({ items }: DisposalCertificate): Html {
  const rows = items.map(({ recordId, egress }, at) =>
    row(at + 1, html`<code>${recordId}</code>`, timesIn(egress), when(egress.lastAt)),
  );
  return section({ ja: '明細', en: 'Records' }, [
    html`<p>記録は無作為の識別子のみで示す。番号も、番号から計算した値も記載しない。<span lang="en">Records are named by random ids alone: no number, and nothing computed from one.</span></p>`,
    table(['', '記録 / record', '開示 / releases', '最後の開示 / last release'], rows),
  ]);
}

/** At least so often, where releases may be missing. */
function timesIn({ numbers, mayLackBefore }: CertificateItem['egress']): HtmlValue {
  return mayLackBefore === undefined ? numbers : `≥ ${numbers}`;
}

function footPart(digest: string): Html {
  return html`<footer><p>この頁は証明書そのものではない。署名と証拠は電子ファイルにあり、次で検証する。<span lang="en">This page is not the certificate: signature and evidence are in the file, verified by</span></p>
<p><code>mynumber verify certificate FILE --policy FILE --control-log DIR</code></p>
<p>SHA-256 <code>${digest}</code></p></footer>`;
}

/** An instant in ms or RFC 3339. */
function when(at: number | string | null | undefined): HtmlValue {
  if (at === null || at === undefined) return '—';
  const instant = new Date(at);
  return html`<time>${inJapan(instant.getTime())}<span lang="en">${instant.toISOString()}</span></time>`;
}

function section(title: Label, parts: readonly Html[]): Html {
  return html`<section><h2>${both(title)}</h2>${parts}</section>`;
}

function table(heads: readonly string[], rows: readonly Html[]): Html {
  const cells = heads.map((head) => html`<th scope="col">${head}</th>`);
  return html`<table class="rows"><thead><tr>${cells}</tr></thead><tbody>${rows}</tbody></table>`;
}

function row(...values: readonly HtmlValue[]): Html {
  return html`<tr>${values.map((value) => html`<td>${value}</td>`)}</tr>\n`;
}

function both({ ja, en }: Label): Html {
  return html`${ja}<span lang="en">${en}</span>`;
}
