export type CheckState = 'ok' | 'warn' | 'fail';

/** One thing looked at: what was found, and what to do about it when it is not right. */
export type Check = { name: string; state: CheckState; found: string; todo?: string };

/** Several checks of one kind are told as one line each; a probe never throws, it fails. */
export async function probing(
  name: string,
  todo: string,
  work: () => Promise<Check>,
): Promise<Check> {
  try {
    return await work();
  } catch (error) {
    const { code } = error as { code?: unknown };
    const message = error instanceof Error ? error.message : 'failed';
    const found = typeof code === 'string' ? code : message;
    return { name, state: 'fail', found, todo };
  }
}
