/**
 * The result of the work, if it comes before the deadline (on the monotonic clock); otherwise rejects with
 * what `late` makes. Judged once more when the result is there, in the turn that hands it on. The work goes
 * on, and what becomes of it later is nobody's.
 */
export async function beforeDeadline<T>(
  work: Promise<T>,
  deadline: number,
  late: () => Error,
): Promise<T> {
  const missed = Promise.withResolvers<never>();
  const timer = setTimeout(() => missed.reject(late()), deadline - performance.now());
  try {
    const result = await Promise.race([work, missed.promise]);
    // In a process that was stopped the result may be heard of before the timer.
    if (performance.now() > deadline) throw late();
    return result;
  } finally {
    clearTimeout(timer);
  }
}
