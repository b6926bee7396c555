import { TransparencyLogError } from '../src/index.ts';

/** The code of the error that this throws; `none` if it does not, and any other error as it is. */
export function failureOf(act: () => unknown): string {
  try {
    act();
    return 'none';
  } catch (error) {
    if (error instanceof TransparencyLogError) return error.code;
    throw error;
  }
}

/** {@link failureOf} for what fails later. */
export async function failureOfLater(act: () => Promise<unknown>): Promise<string> {
  try {
    await act();
    return 'none';
  } catch (error) {
    if (error instanceof TransparencyLogError) return error.code;
    throw error;
  }
}
