import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { optionalText, textOf } from './command.ts';
import type { Command } from './command.ts';
import { table } from './table.ts';
import { readTrustPolicy } from './trust-policy.ts';
import { verifyReceiptFile } from './verify-receipt.ts';
import type { ReceiptVerification } from './verify-receipt.ts';

/** For auditors: needs nothing but the receipt and a trust policy from another hand. */
export const VERIFY_RECEIPT: Command = {
  name: 'verify receipt',
  summary: 'Verify a receipt offline, and show what it says.',
  positionals: ['FILE'],
  options: {
    policy: {
      type: 'string',
      value: 'FILE',
      help: 'The trust policy (tlog-policy).',
      required: true,
    },
    proofs: {
      type: 'string',
      value: 'DIR',
      help: 'Also write one c2sp.org/tlog-proof@v1 file per entry.',
    },
    json: { type: 'boolean', help: 'Print the result as JSON.' },
  },
  run: async ({ values, positionals: [file = ''] }, { out, workingDirectory }) => {
    const policy = await readTrustPolicy(resolve(workingDirectory, textOf(values, 'policy')));
    const result = verifyReceiptFile(await readFile(resolve(workingDirectory, file)), policy);
    const directory = optionalText(values, 'proofs');
    if (directory !== undefined) await writeProofs(resolve(workingDirectory, directory), result);
    const { proofs: _, ...shown } = result;
    out(values['json'] === true ? `${JSON.stringify({ ok: true, ...shown })}\n` : inWords(result));
    return 0;
  },
};

async function writeProofs(
  directory: string,
  { entries, proofs }: ReceiptVerification,
): Promise<void> {
  await mkdir(directory, { recursive: true });
  for (const [at, proof] of proofs.entries()) {
    await writeFile(join(directory, `${entries[at]?.index}.tlog-proof`), proof);
  }
}

function inWords({ origin, size, checked, entries }: ReceiptVerification): string {
  const heads = [
    '番号 / index',
    '日時 / when',
    '担当者 / who',
    '操作 / what',
    '事務 / purpose',
    '件 / case',
    '記録 / record',
  ];
  const rows = entries.map(({ index, t, sub, op, pur, case: caseId, rec }) => [
    String(index),
    new Date(t).toISOString(),
    sub,
    op,
    pur,
    caseId,
    rec,
  ]);
  return [
    `ログ / log: ${origin} (${size})\n`,
    table(heads, rows),
    `検証成功 / verified: ${checked}\n`,
  ].join('');
}
