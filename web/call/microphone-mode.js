/** The buttons by which the person is heard or not: mute, and hold to talk, also by the space bar. */

/** @import {Conversation} from '../realtime/conversation/conversation.js' */
/** @import {Preferences} from '../settings/preferences.js' */

import { element } from '../element.js'
import { Hold } from './hold.js'

export class MicrophoneMode {
  #button = element('talk', HTMLButtonElement)
  #hold = new Hold(this.#button)
  #muteButton = element('mute', HTMLButtonElement)
  #mode = element('talking', HTMLSelectElement)
  #conversation

  /**
   * @param {Preferences} preferences
   * @param {Conversation} conversation
   */
  constructor(preferences, conversation) {
    this.#conversation = conversation
    // It may have been chosen while the page was still loading.
    this.#choose(preferences.choices.talking === 'push' ? 'push' : this.#mode.value)
    this.#mode.addEventListener('change', () => {
      preferences.keep({ talking: this.#mode.value })
      this.#choose(this.#mode.value)
    })
    this.#muteButton.addEventListener('click', () => conversation.mute(!conversation.state.microphone.muted))
    this.#hold.addEventListener('press', () => conversation.press())
    this.#hold.addEventListener('release', () => conversation.release())
    conversation.addEventListener('change', ({ detail: { changed } }) => {
      if (['call', 'microphone', 'reconnection'].some((name) => changed.includes(/** @type {any} */ (name)))) this.#show()
    })
    this.#show()
  }

  #show() {
    const { busy, state } = this.#conversation
    const { mode, manual, muted } = state.microphone
    const pushes = mode === 'push'
    this.#button.hidden = state.call !== 'connected' || !pushes
    this.#muteButton.disabled = !busy || pushes
    this.#muteButton.ariaPressed = String(muted)
    this.#hold.armed = busy && pushes
    if (state.call !== 'connected') this.#hold.release()
    this.#mode.value = mode
    this.#mode.disabled = manual
  }

  /** @param {string} mode */
  #choose(mode) {
    this.#hold.release()
    this.#conversation.setMicrophoneMode(mode === 'push' ? 'push' : 'open')
  }
}
