import type { Disposal, DisposalBatch, Disposals } from '@mnv/client';
import { CommandError, textOf } from '../command.ts';
import type { Command } from '../command.ts';
import { BATCH_OPTION, DISPOSAL_OPTIONS, disposalIdOf, withPerson } from './disposal-options.ts';
import { disposalInWords } from './disposal-text.ts';

/** One of two who approve: sees what it is about, reads every record id, and signs for that hash. */
export const DISPOSAL_APPROVE: Command = signing({
  name: 'disposal approve',
  summary: 'Approve a disposal: exactly the batch with this hash. Neither its requester nor twice.',
  sign: (disposals, batch) => disposals.approve(batch),
});

/** Whoever knows of a reason why nothing may go: wins over every approval before it. */
export const DISPOSAL_HOLD: Command = signing({
  name: 'disposal hold',
  summary: 'Report a legal hold on a disposal: approvals so far count no more.',
  sign: (disposals, batch) => disposals.hold(batch),
});

function signing(what: {
  name: string;
  summary: string;
  sign: (disposals: Disposals, batch: DisposalBatch) => Promise<Disposal>;
}): Command {
  const { name, summary, sign } = what;
  return {
    name,
    summary,
    positionals: ['DISPOSAL'],
    options: { ...DISPOSAL_OPTIONS, batch: BATCH_OPTION },
    run: async ({ values, positionals }, surroundings) => {
      const disposalId = disposalIdOf(positionals);
      const batchHash = textOf(values, 'batch');
      const json = values['json'] === true;
      const disposal = await withPerson({ values, surroundings }, async ({ disposals }) => {
        const seen = await disposals.get(disposalId);
        if (seen.batchHash !== batchHash)
          throw new CommandError('The disposal is of another batch than the one you named.');
        // The hash is computed anew from the record ids: what is signed is what is there.
        const { length: count } = await disposals.recordIds(seen);
        return sign(disposals, { disposalId, caseId: seen.caseId, batchHash, count });
      });
      surroundings.out(
        json
          ? `${JSON.stringify(disposal)}\n`
          : disposalInWords(disposal) + signedInWords(disposal),
      );
      return 0;
    },
  };
}

function signedInWords({ approvals, held, batchHash }: Disposal): string {
  const hold = held ? ' · 保全あり / held' : '';
  return `署名しました / signed: ${batchHash} · 承認 / approvals ${approvals}/2${hold}\n`;
}
