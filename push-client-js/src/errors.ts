import type { PushErrorDetails, TransportName } from './types.js';

/**
 * What went wrong. `code` is a problem code or close-code name of the protocol, or one of the client's own:
 * `handler` (a handler threw, see `cause`), `transport-failed`, `connection-lost`, `heartbeat-lost`, `not-connected`,
 * `too-many-topics`, `too-slow`, `no-transport`, `closed`.
 */
export class PushError extends Error {
  declare code: string;
  topic?: string;
  transport?: TransportName;
  /** Of an HTTP answer. */
  status?: number;
  /** A close code of the protocol, or of RFC 6455. */
  closeCode?: number;
  /** When the service wants to be asked again. */
  retryAfterMs?: number;

  constructor(code: string, details?: PushErrorDetails, message = code) {
    super(message);
    Object.assign(this, details, { name: 'PushError', code });
  }
}

/** Calls back when it is aborted, at once if it is so already. */
export function onAbort(signal: AbortSignal | undefined, then: () => void) {
  signal?.addEventListener('abort', then);
  if (signal?.aborted) {
    then();
  }
}

/** What was thrown, as a PushError. */
export function asPushError(thrown: unknown): PushError {
  return thrown instanceof PushError ? thrown : new PushError('connection-lost', { cause: thrown }, `${thrown}`);
}
