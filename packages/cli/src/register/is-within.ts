/** Whether an instant lies within a period given by days of Japan, both whole, or by instants. */
export function isWithin({ from, to }: { from: string; to: string }, at: string): boolean {
  const [begin, end] = [instantOf(from, 'T00:00:00+09:00'), instantOf(to, 'T23:59:59.999+09:00')];
  const instant = Date.parse(at);
  return instant >= begin && instant <= end;
}

function instantOf(text: string, time: string): number {
  return Date.parse(/^\d{4}-\d{2}-\d{2}$/.test(text) ? `${text}${time}` : text);
}
