/** Remembers what was found; what was not is asked again. */
export function rememberFound<T>(find: (key: string) => Promise<T | undefined>) {
  const found = new Map<string, T>();
  return async (key: string): Promise<T | undefined> => {
    const known = found.get(key) ?? (await find(key));
    if (known !== undefined) found.set(key, known);
    return known;
  };
}
