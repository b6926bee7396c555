/**
 * The result of the work, if it comes before the deadline (on the monotonic clock); otherwise rejects with
 * what `late` makes. The work goes on, and what becomes of it later is nobody's.
 */
export async function beforeDeadline<T>(
  work: Promise<T>,
  deadline: number,
  late: () => Error,
): Promise<T> {
  const missed = Promise.withResolvers<never>();
  const timer = setTimeout(() => missed.reject(late()), deadline - performance.now());
  try {
    return await Promise.race([work, missed.promise]);
  } finally {
    clearTimeout(timer);
  }
}
