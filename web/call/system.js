/** What the system and other tabs know of a call. Loaded when the first call begins. */

import { MediaSessionControls } from './media-session.js'
import { OtherTabs } from './other-tabs.js'
import { WakeLock } from './wake-lock.js'

export class System {
  #wakeLock = new WakeLock()
  #otherTabs = new OtherTabs()
  #mediaSession

  /** @param {{mute: () => void, hangUp: () => void}} call */
  constructor(call) {
    this.#mediaSession = new MediaSessionControls(call)
  }

  /** @returns {Promise<boolean>} Whether another tab of this page is in a call. */
  callsElsewhere() {
    return this.#otherTabs.calling()
  }

  /**
   * @param {boolean} busy Whether there is a call.
   * @param {boolean} muted
   * @param {string} [title] Of the preset.
   */
  show(busy, muted, title) {
    this.#wakeLock.wanted = this.#otherTabs.busy = busy
    this.#mediaSession.show(busy, muted, title)
  }
}
