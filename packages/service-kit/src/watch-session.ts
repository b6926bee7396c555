import type { PoolClient } from 'pg';

/** What the server said beside its answers, while a statement ran. */
export type SessionWatch = {
  /** The SQLSTATE of a warning, if there was one. */
  warning(): string | undefined;
  end(): void;
};

/** SQLSTATE class 00 is a plain NOTICE. A COMMIT that was not replicated is a success with a WARNING, class 01. */
const HARMLESS_CLASS = '00';

/** Listens to one session. Also hears its errors: without a listener, a lost connection ends the process. */
export function watchSession(client: PoolClient): SessionWatch {
  let warning: string | undefined;
  const onNotice = ({ code = 'unnamed' }: { code?: string | undefined }) => {
    if (!code.startsWith(HARMLESS_CLASS)) warning = code;
  };
  const onError = () => undefined;
  client.on('notice', onNotice).on('error', onError);
  return {
    warning: () => warning,
    end: () => void client.off('notice', onNotice).off('error', onError),
  };
}
