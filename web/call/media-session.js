/** The call in the system's own controls: on the lock screen, a headset's button, the window of a call in a browser. */

/** The actions that browsers know for a call; an older browser knows only some of them. */
export class MediaSessionControls {
  #session = navigator.mediaSession

  /** @param {{mute: () => void, hangUp: () => void}} call */
  constructor({ mute, hangUp }) {
    this.#handle('togglemicrophone', mute)
    this.#handle('hangup', hangUp)
  }

  /**
   * @param {boolean} busy
   * @param {boolean} muted
   * @param {string} [title] Of the preset.
   */
  show(busy, muted, title = '') {
    if (!this.#session) return
    this.#session.metadata = busy ? new MediaMetadata({ title, artist: document.location.hostname }) : null
    this.#session.playbackState = busy ? 'playing' : 'none'
    this.#session.setMicrophoneActive?.(busy && !muted)
  }

  /**
   * @param {string} action
   * @param {() => void} handler
   */
  #handle(action, handler) {
    try {
      this.#session?.setActionHandler(/** @type {MediaSessionAction} */ (action), handler)
    } catch (error) {
      if (!(error instanceof TypeError)) throw error
    }
  }
}
