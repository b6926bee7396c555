import { UsageError, optionalText, textOf } from '../command.ts';
import type { Command } from '../command.ts';
import { table } from '../table.ts';
import { DISPOSAL_OPTIONS, disposalIdOf, withPerson } from './disposal-options.ts';

export const DISPOSAL_CERTIFICATES: Command = {
  name: 'disposal certificates',
  summary:
    '廃棄証明書の交付・受領の一覧 / who was handed which certificate, and who has acknowledged it.',
  options: {
    ...DISPOSAL_OPTIONS,
    state: { type: 'string', value: 'STATE', help: 'undelivered or unacknowledged; without: all.' },
  },
  run: async ({ values }, surroundings) => {
    const state = optionalText(values, 'state');
    if (state !== undefined && state !== 'undelivered' && state !== 'unacknowledged')
      throw new UsageError('--state is undelivered or unacknowledged.');
    const certificates = await withPerson({ values, surroundings }, ({ disposals }) =>
      disposals.certificates(state),
    );
    surroundings.out(
      values['json'] === true
        ? `${JSON.stringify({ certificates })}\n`
        : table(
            [
              '番号 / no.',
              '件数',
              '発行 / issued',
              '交付 / delivered',
              '受領確認',
              '廃棄 / disposal',
              'hash',
            ],
            certificates.map((one) => [
              String(one.tenantNumber),
              String(one.count),
              one.issuedAt,
              one.deliveries.map(({ to }) => to).join(' ') || '-',
              one.acknowledgement?.by ?? '-',
              one.disposalId,
              one.hash,
            ]),
          ),
    );
    return 0;
  },
};

export const DISPOSAL_ACKNOWLEDGE: Command = {
  name: 'disposal acknowledge',
  summary: '廃棄証明書の受領を確認する / say that the tenant has the certificate you fetched.',
  positionals: ['DISPOSAL'],
  options: {
    ...DISPOSAL_OPTIONS,
    hash: { type: 'string', value: 'HASH', help: 'The hash of the certificate.', required: true },
  },
  run: async ({ values, positionals }, surroundings) => {
    const disposalId = disposalIdOf(positionals);
    const hash = textOf(values, 'hash');
    await withPerson({ values, surroundings }, ({ disposals }) =>
      disposals.acknowledge(disposalId, hash),
    );
    const words = '受領を確認しました / acknowledged\n';
    surroundings.out(values['json'] === true ? `${JSON.stringify({ disposalId })}\n` : words);
    return 0;
  },
};
