/** The controls of the microphone: mute it, or hold a button or the space bar to talk. */

/** @import {Conversation} from '../realtime/conversation/conversation.js' */
/** @import {Preferences} from '../settings/preferences.js' */
/** @import {ConversationState} from '../types.js' */

import { element, moveFocus } from '../element.js'
import { Hold } from './hold.js'
import { lacksMicrophone } from './words.js'

/** A `wanted` event tells that a call without a microphone is to have one. */
export class MicrophoneControls extends EventTarget {
  #button = element('hold-to-talk', HTMLButtonElement)
  #hold = new Hold(this.#button)
  #muteButton = element('mute', HTMLButtonElement)
  #label = element('mute-label')
  #mode = element('microphone-mode', HTMLSelectElement)
  #conversation

  /**
   * @param {Conversation} conversation
   * @param {Preferences} preferences
   */
  constructor(conversation, preferences) {
    super()
    this.#conversation = conversation
    // It may have been chosen while the page was still loading.
    if (preferences.choices.microphoneMode === 'push') this.#mode.value = 'push'
    this.#choose()
    this.#mode.addEventListener('change', () => {
      preferences.keep({ microphoneMode: this.#mode.value })
      this.#choose()
    })
    this.#muteButton.addEventListener('click', () => this.#press())
    this.#hold.addEventListener('press', () => conversation.press())
    this.#hold.addEventListener('release', () => conversation.release())
  }

  /** Mutes or unmutes, where that can be done; a call without a microphone stays without one. */
  toggle() {
    const { state } = this.#conversation
    if (!this.#muteButton.disabled && !lacksMicrophone(state)) this.#conversation.mute(!state.microphone.muted)
  }

  /** As its label says. */
  #press() {
    if (lacksMicrophone(this.#conversation.state)) this.dispatchEvent(new Event('wanted'))
    else this.toggle()
  }

  /**
   * @param {ConversationState} state
   * @param {boolean} busy Whether there is a call, or soon will be one again.
   */
  show(state, busy) {
    const { call, microphone } = state
    const pushes = microphone.mode === 'push'
    const lacks = lacksMicrophone(state)
    const [holds, mutes] = [call === 'connected' && pushes && !lacks, busy && (!pushes || lacks)]
    if (!holds) moveFocus(this.#button)
    if (!mutes) moveFocus(this.#muteButton)
    this.#button.hidden = !holds
    this.#muteButton.disabled = !mutes
    this.#label.textContent = lacks ? 'Speak' : microphone.muted ? 'Unmute' : 'Mute'
    this.#hold.armed = busy && pushes && !lacks
    if (call !== 'connected') this.#hold.release()
    // A session that takes no turns by itself decides it, not the person.
    this.#mode.disabled = microphone.manual
    if (microphone.manual) this.#mode.value = 'push'
    else this.#mode.value = microphone.mode
  }

  #choose() {
    this.#conversation.setMicrophoneMode(this.#mode.value === 'push' ? 'push' : 'open')
  }
}
