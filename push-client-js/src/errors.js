/** What went wrong; see types/client.d.ts. */
export class PushError extends Error {
  code;
  /** @type {string | undefined} */
  topic;
  /** @type {import('../types/client.d.ts').TransportName | undefined} */
  transport;
  /** @type {number | undefined} */
  status;
  /** @type {number | undefined} */
  closeCode;
  /** @type {number | undefined} */
  retryAfterMs;

  /**
   * @param {string} code
   * @param {string} message
   * @param {import('../types/client.d.ts').PushErrorDetails} [details]
   */
  constructor(code, message, details) {
    super(message);
    this.name = 'PushError';
    this.code = code;
    Object.assign(this, details);
  }
}

/**
 * What was thrown, as a PushError.
 *
 * @param {unknown} thrown
 * @param {string} code for what is not one yet
 */
export function asPushError(thrown, code) {
  return thrown instanceof PushError
    ? thrown
    : new PushError(code, thrown instanceof Error ? thrown.message : `${thrown}`, { cause: thrown });
}
