/** The log's evidence does not hold: keep the answer, stop, and raise an alarm. Names the step that failed. */
export class ReceiptError extends Error {
  override readonly name = 'ReceiptError';
}
