import type { Client } from '@mnv/client';
import { isWithin } from './is-within.ts';

const METHODS = {
  time: '本人確認書類の写し：保存期限の経過による封緘データの削除',
  disposal: '本人確認書類の写し：記録の廃棄に伴う鍵の消去と封緘データの削除',
} as const;

/** 削除・廃棄: copies of identity documents that were purged within the period, as rows of that register. */
export async function purgedCopies(
  client: Client,
  period: { from: string; to: string },
): Promise<string[][]> {
  const purged = await Array.fromAsync(client.identityDocuments.purges());
  return purged.flatMap((one) => {
    if (!one.purged || !isWithin(period, one.purged.at)) return [];
    const { at, because } = one.purged;
    const nobody = ['', '', 'システム'];
    return [[one.documentId, '', '1', 'purged', METHODS[because], ...nobody, at, '', '']];
  });
}
