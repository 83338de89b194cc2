/**
 * Whether a microphone that is open is heard: the system may take it, for example for a phone call, and it may stop.
 * Source: https://www.w3.org/TR/mediacapture-streams/#track-muted
 */

export class MicrophoneWatch {
  #ending = new AbortController()

  /**
   * @param {MediaStreamTrack} track
   * @param {object} handlers
   * @param {() => void} handlers.changed The system has muted the track, or given it back; this page never mutes one.
   * @param {() => void} handlers.ended
   * @param {() => void} handlers.retry What could not be opened before may be there now.
   */
  constructor(track, { changed, ended, retry }) {
    const { signal } = this.#ending
    track.addEventListener('mute', changed, { signal })
    track.addEventListener('unmute', changed, { signal })
    track.addEventListener('ended', ended, { signal })
    globalThis.navigator?.mediaDevices?.addEventListener('devicechange', retry, { signal })
    globalThis.document?.addEventListener('visibilitychange', () => document.hidden || retry(), { signal })
  }

  end() {
    this.#ending.abort()
  }
}
