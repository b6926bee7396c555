import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { resolve } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { UsageError, optionalText, textOf } from '../command.ts';
import type { Command } from '../command.ts';
import { RETENTION_OPTIONS, idOf, print, withPerson } from '../retention/retention-options.ts';

const KINDS = ['certificate', 'log', 'report'] as const;

export const SUBCONTRACTOR_NOTE: Command = {
  name: 'subcontractor note',
  summary: '委託先による削除・廃棄を登録する / note a deletion that somebody else has to prove.',
  options: {
    ...RETENTION_OPTIONS,
    name: { type: 'string', value: 'NAME', help: 'The subcontractor.', required: true },
    what: { type: 'string', value: 'TEXT', help: 'What is deleted.', required: true },
    due: { type: 'string', value: 'DAY', help: 'By when the proof is due.', required: true },
  },
  run: async ({ values }, surroundings) => {
    const noted = {
      subcontractor: textOf(values, 'name'),
      what: textOf(values, 'what'),
      dueOn: textOf(values, 'due'),
    };
    const deletionId = await withPerson({ values, surroundings }, (client) =>
      client.retention.noteSubcontractorDeletion(noted),
    );
    print({ values, surroundings }, { deletionId }, () => `登録しました / noted: ${deletionId}\n`);
    return 0;
  },
};

export const SUBCONTRACTOR_PROOF: Command = {
  name: 'subcontractor proof',
  summary: '委託先の証明を受け入れる / take in what proves it; the file stays with you.',
  positionals: ['DELETION'],
  options: {
    ...RETENTION_OPTIONS,
    file: { type: 'string', value: 'FILE', help: 'The proof; its digest is kept.', required: true },
    issuer: { type: 'string', value: 'NAME', help: 'Who issued it.', required: true },
    date: { type: 'string', value: 'DAY', help: 'When.', required: true },
    kind: { type: 'string', value: 'KIND', help: 'certificate (default), log or report.' },
    disposal: { type: 'string', value: 'DISPOSAL', help: 'The disposal here it belongs to.' },
  },
  run: async ({ values, positionals }, surroundings) => {
    const deletionId = idOf(positionals, 'A deletion');
    const kind = KINDS.find((one) => one === (optionalText(values, 'kind') ?? 'certificate'));
    if (kind === undefined) throw new UsageError('--kind is certificate, log or report.');
    const disposalId = optionalText(values, 'disposal');
    const file = resolve(surroundings.workingDirectory, textOf(values, 'file'));
    const received = {
      fileSha256: await digestOfFile(file),
      issuer: textOf(values, 'issuer'),
      issuedOn: textOf(values, 'date'),
      kind,
      ...(disposalId !== undefined && { disposalId }),
    };
    await withPerson({ values, surroundings }, (client) =>
      client.retention.takeSubcontractorCertificate(deletionId, received),
    );
    print({ values, surroundings }, received, () => `受け入れました / taken in\n`);
    return 0;
  },
};

async function digestOfFile(file: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(file), hash);
  return hash.digest('hex');
}
