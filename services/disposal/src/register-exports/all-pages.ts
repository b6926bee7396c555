const ROWS_A_PAGE = 500;

/** Everything there is, read page by page: `after` is the last one of the page before. */
export async function* allPages<T>(
  read: (page: { after: T | undefined; limit: number }) => Promise<readonly T[]>,
): AsyncGenerator<T, void, void> {
  let after: T | undefined;
  do {
    const page = await read({ after, limit: ROWS_A_PAGE });
    yield* page;
    after = page.length === ROWS_A_PAGE ? page.at(-1) : undefined;
  } while (after !== undefined);
}
