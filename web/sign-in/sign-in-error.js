/** Why somebody could not sign in. */

/** Thrown when the sign-in was refused or did not work. */
export class SignInError extends Error {
  name = 'SignInError'

  /**
   * @param {string} message What happened, in the words of the provider or the library that refused.
   * @param {string} code The provider's or the library's code.
   * @param {unknown} [cause]
   */
  constructor(message, code, cause) {
    super(message, { cause })
    this.code = code
  }
}

/**
 * The provider's own words where it has said any; else what the library or the browser says.
 *
 * @param {any} error
 * @param {string} issuer
 */
export function explained(error, issuer) {
  const said = error.error_description ?? error.error ?? error.cause?.[0]?.parameters?.error_description
  if (said) return new SignInError(said, error.error ?? error.code, error)
  if (typeof error.code === 'string') return new SignInError(`The sign-in was not accepted: ${error.message}.`, error.code, error)
  const message = `No answer from ${issuer}. Check that you are online, and that the provider allows this page's origin.`
  return new SignInError(message, 'unreachable', error)
}
