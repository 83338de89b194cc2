/** Who is signed in, as the page shows it. It knows nothing of calls, and nothing of OpenID. */

/** @import {CallFailure} from '../types.js' */
/** @import {SignIn} from './sign-in.js' */

import { element, moveFocus } from '../element.js'
import { showFailure } from '../messages/failure.js'

export class Account {
  #signInButton = element('sign-in', HTMLButtonElement)
  #signOutButton = element('sign-out', HTMLButtonElement)
  #signIn
  #endSession

  /**
   * @param {SignIn} signIn
   * @param {() => Promise<void>} endSession Ends the call, and removes from the page what was said.
   */
  constructor(signIn, endSession) {
    this.#signIn = signIn
    this.#endSession = endSession
    this.#signInButton.addEventListener('click', () => this.#leave(this.#signInButton, () => signIn.begin()))
    this.#signOutButton.addEventListener('click', () => this.#leave(this.#signOutButton, () => this.#end()))
    signIn.addEventListener('change', () => this.show())
    // Somebody may come back from the provider with the browser's own button.
    addEventListener('pageshow', () => this.#allow())
  }

  show() {
    const signedOut = this.#signIn.state !== 'signed-in'
    if (signedOut) moveFocus(element('account'))
    element('account').hidden = signedOut
    element('who').textContent = this.#signIn.who
  }

  async #end() {
    // First: the page stays as it is where the provider cannot be reached, and the next person must not read what was said.
    await this.#endSession()
    // The page is loaded again where the provider has no page to go to.
    return (await this.#signIn.signOut()) ?? location.pathname
  }

  /**
   * @param {HTMLButtonElement} button
   * @param {() => Promise<string>} where
   */
  async #leave(button, where) {
    showFailure(undefined)
    button.disabled = true
    try {
      location.assign(await where())
    } catch (error) {
      this.#allow()
      showFailure(/** @type {CallFailure} */ (error))
    }
  }

  #allow() {
    this.#signInButton.disabled = false
    this.#signOutButton.disabled = false
  }
}
