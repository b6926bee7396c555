import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { parseCheckpoint, parseNote } from '@mnv/transparency-log';
import type { Checkpoint } from '@mnv/transparency-log';
import { optionalText, textOf } from './command.ts';
import type { Command } from './command.ts';
import { CONNECTION_OPTIONS } from './connection-options.ts';
import { withLog } from './log-source.ts';
import { readTrustPolicy } from './trust-policy.ts';
import { verifyLog } from './verify-log.ts';
import type { LogVerification } from './verify-log.ts';

/** For auditors: needs nothing but the log's files and a trust policy from another hand. */
export const VERIFY_LOG: Command = {
  name: 'verify log',
  summary: 'Verify a whole log offline: every entry, the tree, the signature, the order.',
  options: {
    from: {
      type: 'string',
      value: 'DIR|URL',
      help: 'A tlog-tiles directory, or https://HOST/v1/tenants/TENANT/log, or …/v1/control-log.',
      required: true,
    },
    policy: {
      type: 'string',
      value: 'FILE',
      help: 'The trust policy (tlog-policy).',
      required: true,
    },
    since: {
      type: 'string',
      value: 'FILE',
      help: 'A checkpoint kept from earlier: must be a beginning of this log.',
    },
    'against-releases': {
      type: 'string',
      value: 'FILE',
      help: 'What the vault remembers (mynumber releases export): must say the same as this log.',
    },
    json: { type: 'boolean', help: 'Print the result as JSON.' },
    ...CONNECTION_OPTIONS,
  },
  run: async ({ values }, surroundings) => {
    const { workingDirectory, out } = surroundings;
    const policy = await readTrustPolicy(resolve(workingDirectory, textOf(values, 'policy')));
    const knownFile = optionalText(values, 'since');
    const known =
      knownFile === undefined
        ? {}
        : { known: await readKnown(resolve(workingDirectory, knownFile)) };
    const compared = optionalText(values, 'against-releases');
    const releases =
      compared === undefined ? {} : { releasesFile: resolve(workingDirectory, compared) };
    const result = await withLog(values, surroundings, (fetch) =>
      verifyLog({ fetch, policy, ...known, ...releases }),
    );
    out(values['json'] === true ? `${JSON.stringify(result)}\n` : inWords(result));
    return result.ok ? 0 : 1;
  },
};

async function readKnown(file: string): Promise<Checkpoint> {
  return parseCheckpoint(parseNote(await readFile(file)).text);
}

function inWords(result: LogVerification): string {
  const { expected, checked, missing, kinds } = result;
  const lines = [
    `ログ / log: ${result.origin}`,
    `件数 / entries: 期待 / expected ${expected}, 検証 / checked ${checked}, 欠落 / missing ${missing}`,
    `内訳 / kinds: ${Object.entries(kinds)
      .map(([kind, count]) => `${kind} ${count}`)
      .join(', ')}`,
    `期間 / period: ${instant(result.firstAt)} – ${instant(result.lastAt)}`,
    `証人 / witnesses: ${result.witnesses.join(', ') || 'なし / none'}`,
    `結果の記録がない要求 / requests without an outcome: ${result.requestsWithoutOutcome}`,
    ...releaseLines(result),
    ...result.findings.map(
      ({ code, index, count, detail }) =>
        `✗ ${code}${index === undefined ? '' : ` @${index}`}${count === undefined ? '' : ` (${count})`}: ${detail}`,
    ),
    ...(result.findingsInAll > result.findings.length
      ? [`✗ … ${result.findingsInAll} in all`]
      : []),
    result.ok ? '検証成功 / verified' : '検証失敗 / NOT verified',
  ];
  return `${lines.join('\n')}\n`;
}

function releaseLines({ releases }: LogVerification): string[] {
  if (!releases) return [];
  const counts = ({ expected, checked, missing }: (typeof releases)['released']) =>
    `期待 / expected ${expected}, 照合 / checked ${checked}, 欠落 / missing ${missing}`;
  return [
    `開示控え / released entries: ${counts(releases.released)}`,
    `交付の記録 / delivered requests: ${counts(releases.delivered)}`,
  ];
}

function instant(at: number | undefined): string {
  return at === undefined ? '-' : new Date(at).toISOString();
}
