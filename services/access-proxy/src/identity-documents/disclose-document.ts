import type { Receipt, ReleasedDocument } from '@mnv/protocol';
import { Refusal } from '@mnv/core';
import type { DisclosureDependencies } from '../disclosure/disclose-numbers.ts';
import { makeAskForRelease, receiptOf } from '../disclosure/disclose-numbers.ts';
import type { DisclosureRequest } from '../disclosure/disclosure.ts';
import { knownCode } from '../disclosure/disclosure.ts';

/** A copy of an identity document, and where its own entry stands. `content` is base64. */
export type DisclosedDocument = {
  recordId: string;
  documentId: string;
  mediaType: string;
  content: string;
  index: number;
  receipt: Receipt;
};

/** The ids of a request: the record, then the copy. */
export type DiscloseDocument = (
  request: Omit<DisclosureRequest, 'recordIds'> & { recordIds: [string, string] },
) => Promise<DisclosedDocument>;

/**
 * A copy leaves as a number does: after an entry for its record and one for itself, and against the proof of both.
 * @throws Refusal
 */
export function makeDiscloseDocument(
  deps: DisclosureDependencies<ReleasedDocument>,
): DiscloseDocument {
  const ask = makeAskForRelease(deps);
  return async (request) => {
    const [recordId, documentId] = request.recordIds;
    const { asked, answer } = await ask(request);
    if ('problem' in answer) throw notReleased(answer.problem);
    const copy = answer.records[1] ?? { problem: 'vault-unavailable' };
    if ('problem' in copy) throw notReleased(copy.problem);
    if (copy.mediaType === undefined) throw notReleased('vault-unavailable');
    const { mediaType, content } = copy;
    const index = asked.appended.first + 1;
    return { recordId, documentId, mediaType, content, index, receipt: receiptOf(asked) };
  };
}

function notReleased(problem: string): Refusal {
  return new Refusal(knownCode(problem), 'The vault did not release this copy.');
}
