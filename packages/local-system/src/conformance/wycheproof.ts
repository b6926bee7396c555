/** What every test of a Wycheproof file carries. `acceptable` may be taken or refused. */
export type WycheproofTest = { tcId: number; result: 'valid' | 'invalid' | 'acceptable' };

export type WycheproofFile<Group, Test extends WycheproofTest> = {
  testGroups: (Group & { tests: Test[] })[];
};

/** Pairs each test with its group. */
export function testsOf<Group, Test extends WycheproofTest>(
  data: unknown,
): { group: Group; test: Test }[] {
  const { testGroups } = data as WycheproofFile<Group, Test>;
  return testGroups.flatMap((group) => group.tests.map((test) => ({ group, test })));
}

/** Whether an outcome agrees with the file: taken when valid, refused when invalid. */
export function agrees(result: WycheproofTest['result'], taken: boolean): boolean {
  return result === 'acceptable' || taken === (result === 'valid');
}

/** The value, or undefined when the library throws: a refusal is an answer here, not a fault. */
export function orRefused<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch {
    return undefined;
  }
}
