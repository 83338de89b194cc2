/** Who is signed in, as the page shows it. It knows nothing of calls, and nothing of OpenID. */

/** @import {CallFailure} from '../types.js' */
/** @import {SignIn} from './sign-in.js' */

import { element } from '../element.js'
import { showFailure } from '../messages/failure.js'

export class Account {
  #signInButton = element('sign-in', HTMLButtonElement)
  #signOutButton = element('sign-out', HTMLButtonElement)
  #signIn
  #beforeLeaving

  /**
   * @param {SignIn} signIn
   * @param {() => Promise<void>} beforeLeaving What is to be ended first.
   */
  constructor(signIn, beforeLeaving) {
    this.#signIn = signIn
    this.#beforeLeaving = beforeLeaving
    this.#signInButton.addEventListener('click', () => this.#leave(this.#signInButton, () => signIn.begin()))
    this.#signOutButton.addEventListener('click', () => this.#leave(this.#signOutButton, () => this.#end()))
    signIn.addEventListener('change', () => this.show())
    // Somebody may come back from the provider with the browser's own button.
    addEventListener('pageshow', () => this.#allow())
  }

  show() {
    element('account').hidden = this.#signIn.state !== 'signed-in'
    element('who').textContent = this.#signIn.who
  }

  async #end() {
    await this.#beforeLeaving()
    // The page anew, where the provider has none to go to: what was said is nobody else's business.
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
