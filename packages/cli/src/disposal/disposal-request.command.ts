import { resolve } from 'node:path';
import { ProblemError } from '@mnv/client';
import type { Client, Disposal, DisposalBatch } from '@mnv/client';
import { CommandError, textOf } from '../command.ts';
import type { Command } from '../command.ts';
import { describeFailure } from '../describe-failure.ts';
import { DISPOSAL_OPTIONS, withPerson } from './disposal-options.ts';
import { disposalInWords } from './disposal-text.ts';
import { recordsOfFile } from './records-file.ts';

/** The first of three persons: says what goes and why, and signs for exactly that. */
export const DISPOSAL_REQUEST: Command = {
  name: 'disposal request',
  summary: 'Ask for the disposal of the records a file names; two others have to approve it.',
  details: [
    'FILE has a record id or the key of a person (individualRef) on each line, UTF-8 or Shift_JIS. The order is',
    'kept and hashed: tell the two who approve the batch hash that is printed. Nothing is gone before it is',
    'approved twice and ordered.',
  ].join('\n'),
  positionals: ['FILE'],
  options: {
    ...DISPOSAL_OPTIONS,
    case: {
      type: 'string',
      value: 'CASE',
      help: 'The occasion, like LEAVERS-2026-12.',
      required: true,
    },
    reason: {
      type: 'string',
      value: 'TEXT',
      help: 'Why they are due; those who approve read it, no log does.',
      required: true,
    },
  },
  run: async ({ values, positionals: [file = ''] }, surroundings) => {
    const scopes = ['disposal:request', 'record:read'] as const;
    const asked = await withPerson({ values, surroundings, scopes }, async (client) => {
      const path = resolve(surroundings.workingDirectory, file);
      const { records, repeated } = await recordsOfFile(path, client);
      const [caseId, reason] = [textOf(values, 'case'), textOf(values, 'reason')];
      const draft = await client.disposals.draft({ caseId, reason, records });
      return { disposal: await requestOf(client, draft), repeated };
    });
    const { disposal, repeated } = asked;
    surroundings.out(
      values['json'] === true
        ? `${JSON.stringify({ ...disposal, repeated })}\n`
        : disposalInWords(disposal) + repeatedInWords(repeated) + next(disposal),
    );
    return 0;
  },
};

/** A refusal leaves the draft: it is named, so that it can be stopped. */
async function requestOf({ disposals }: Client, draft: DisposalBatch): Promise<Disposal> {
  return disposals.request(draft).catch((error: unknown) => {
    if (!(error instanceof ProblemError)) throw error;
    const { disposalId } = draft;
    throw new CommandError(
      `${describeFailure(error)} The draft ${disposalId} stays: disposal stop ends it.`,
    );
  });
}

function repeatedInWords(repeated: number): string {
  if (repeated === 0) return '';
  return `重複 / named more than once: ${repeated} (一度だけ数えた / counted once)\n`;
}

function next({ disposalId, batchHash }: { disposalId: string; batchHash: string }): string {
  return [
    '',
    '次に、別の二人が承認します / next, two other persons approve:',
    `  mynumber disposal approve ${disposalId} --batch ${batchHash} --tenant … --as …`,
    '',
  ].join('\n');
}
