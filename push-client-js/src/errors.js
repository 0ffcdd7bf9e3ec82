/** @typedef {import('../types/client.d.ts').PushError} PushError */

/** @type {typeof import('../types/client.d.ts').PushError} */
export const PushError = class extends Error {
  /**
   * @param {string} code
   * @param {string} message
   * @param {import('../types/client.d.ts').PushErrorDetails} [details]
   */
  constructor(code, message, details) {
    super(message);
    this.code = code;
    Object.assign(this, { name: 'PushError' }, details);
  }
};

/**
 * What was thrown, as a PushError.
 *
 * @param {unknown} thrown
 */
export function asPushError(thrown) {
  return thrown instanceof PushError
    ? thrown
    : new PushError('connection-lost', thrown instanceof Error ? thrown.message : `${thrown}`, { cause: thrown });
}
