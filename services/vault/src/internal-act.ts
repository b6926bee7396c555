import type { IndividualNumber } from '@mnv/core';
import type { ControlEvent, INTERNAL_REASONS } from '@mnv/protocol';
import type { OpenNumbers, SealedNumber } from './open-numbers.ts';

export type InternalReason = (typeof INTERNAL_REASONS)[number];

/** `no-key`: the key of the record is erased. `damaged`: key or number does not open. */
export type InternalAnswer = 'yes' | 'no' | 'no-key' | 'damaged';

/** What is asked of each number in memory. Neither the number nor a part or transform of it may get out. */
export type InternalQuestion<Sealed> = (number: IndividualNumber, record: Sealed) => boolean;

/** Numbers of this act may be opened: it stands in the control log. */
export type InternalAct = {
  /**
   * The answers by record id.
   * @throws RangeError when more are asked about than the act was recorded for
   */
  ask<Sealed extends SealedNumber>(
    tenantId: string,
    records: Sealed[],
    question: InternalQuestion<Sealed>,
  ): Promise<Map<string, InternalAnswer>>;
};

/** @throws Refusal `log-unavailable`: then nothing may be opened */
export type BeginInternalAct = (
  reason: InternalReason,
  /** The most numbers it may open. */
  count: number,
) => Promise<InternalAct>;

export type InternalActDependencies = {
  append(events: readonly ControlEvent[]): Promise<unknown>;
  openNumbers: OpenNumbers;
};

/**
 * The one way to open numbers without a ticket: for the scrubber, the restore drill's sample and the duplicate
 * check. It releases nothing: an answer is yes or no. The entry is durable before the first number is opened;
 * a crash in between leaves an entry for more than was opened, never for less.
 */
export function makeBeginInternalAct(deps: InternalActDependencies): BeginInternalAct {
  return async (reason, count) => {
    let left = count;
    if (count > 0) await deps.append([{ op: 'internal.opened', reason, cnt: count }]);
    return {
      async ask(tenantId, records, question) {
        if (records.length > left)
          throw new RangeError('more numbers than the act is recorded for');
        left -= records.length;
        const opened = await deps.openNumbers(tenantId, records);
        return new Map(
          records.map((record) => [
            record.recordId,
            answerOf(opened.get(record.recordId), (number) => question(number, record)),
          ]),
        );
      },
    };
  };
}

function answerOf(
  opened: IndividualNumber | 'already-disposed' | 'record-damaged' | undefined,
  question: (number: IndividualNumber) => boolean,
): InternalAnswer {
  if (opened === undefined) throw new Error('a record was not opened');
  if (opened === 'already-disposed') return 'no-key';
  if (opened === 'record-damaged') return 'damaged';
  return question(opened) ? 'yes' : 'no';
}
