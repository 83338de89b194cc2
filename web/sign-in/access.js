/** Who may call, and what the page offers to whom: the call, or to sign in first. */

/** @import {SettingsForm} from '../settings/settings.js' */
/** @import {SignIn} from './sign-in.js' */

import { element } from '../element.js'

export class Access {
  #callButton = element('call', HTMLButtonElement)
  #signInButton = element('sign-in', HTMLButtonElement)
  #signIn
  #form

  /**
   * @param {SignIn | undefined} signIn Undefined where the page is open to everybody.
   * @param {SettingsForm} form
   */
  constructor(signIn, form) {
    this.#signIn = signIn
    this.#form = form
  }

  /** @returns {'open' | 'signed-in' | 'signed-out' | 'expired'} */
  get state() {
    return this.#signIn?.state ?? 'open'
  }

  get allowed() {
    return this.state === 'open' || this.state === 'signed-in'
  }

  /** What adds the token to requests, where one is needed. */
  get fetch() {
    return (this.#signIn ?? globalThis).fetch
  }

  /**
   * What the person can do next. A connected call goes on when the sign-in expires.
   *
   * @param {boolean} inCall
   */
  show(inCall) {
    document.body.dataset.access = this.state
    const focused = document.activeElement === this.#callButton
    this.#callButton.hidden = !this.allowed && !inCall
    this.#signInButton.hidden = !this.#callButton.hidden
    this.#form.disabled = !this.allowed || inCall
    if (focused && this.#callButton.hidden) this.#signInButton.focus()
  }
}
