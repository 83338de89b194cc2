/** What the person does with the call: place it, with a microphone or by typing alone, and end it. */

/** @import {CallParts, Config, ConversationState, Settings, Signaling} from '../types.js' */
/** @import {Conversation} from '../realtime/conversation/conversation.js' */

import { resolveFailure, showFailure } from '../messages/failure.js'
import { byEphemeralKey, relayed } from '../realtime/signaling.js'
import { Minutes } from './minutes.js'

/** The errors that are resolved when a microphone is plugged in, and when one is allowed. */
const ABSENT = ['no_microphone', 'microphone_failed']
const DENIED = ['microphone_denied', 'microphone_denied_by_system']

/** An `undelivered` event gives back what was typed before a call and could not be sent in it. */
export class CallController extends EventTarget {
  #config
  #conversation
  #parts
  #minutes = new Minutes()
  /** What was typed before there was a call to send it in. */
  #undelivered = ''
  /** @type {{key: string, signaling: Signaling} | undefined} */
  #prepared

  /**
   * @param {Config} config
   * @param {Conversation} conversation
   * @param {CallParts} parts
   */
  constructor(config, conversation, parts) {
    super()
    this.#config = config
    this.#conversation = conversation
    this.#parts = parts
    const { devices, microphone } = parts
    devices.addEventListener('change', (event) => this.#changeMicrophone(/** @type {CustomEvent<string>} */ (event).detail))
    devices.addEventListener('available', () => this.#recover(ABSENT))
    devices.addEventListener('allowed', () => this.#recover(DENIED))
    microphone.addEventListener('wanted', () => this.#useMicrophone(true))
    addEventListener('online', () => this.#recover(['unreachable']))
    conversation.addEventListener('change', ({ detail: { state, changed } }) => {
      if (changed.includes('can')) this.#deliver(state)
      if (changed.includes('busy') && !state.busy) this.#giveBack(this.#takeUndelivered())
      if (changed.includes('call')) this.#followMinutes(state)
    })
  }

  /** Calls, and asks for the microphone. */
  place() {
    this.#connect(() => this.#parts.devices.open())
  }

  /**
   * @param {string} text What the person typed: where there is no call, one without a microphone begins with it.
   * @returns {boolean} Whether it was said, or will be.
   */
  say(text) {
    if (this.#conversation.busy) return this.#conversation.sendText(text)
    this.#undelivered = text
    this.#connect(null)
    return true
  }

  /** Does what can be done before the button is pressed: an ephemeral key, where the microphone is allowed already. */
  async prepare() {
    const { access, devices, form } = this.#parts
    // A key that is not used would take 60 of the person's minutes.
    if (await this.#minutes.limited) return
    if (!this.#conversation.busy && access.allowed && devices.permission === 'granted') this.#signalingFor(form.value).prepare?.()
  }

  /** @returns {Promise<void>} Settles when the upstream knows that it is over. */
  async hangUp() {
    const { busy, state } = this.#conversation
    if (!busy) return
    // A call whose connection was lost often cannot be hung up for the same reason, and it ends by itself.
    const isLost = state.reconnection !== undefined
    await this.#conversation.hangUp().catch((error) => isLost || showFailure(error))
  }

  /** How many minutes are left, where that is known and there is no call. */
  showMinutes() {
    const { access } = this.#parts
    if (access.allowed && !this.#conversation.busy) this.#minutes.show(access.fetch)
    else this.#minutes.clear()
  }

  /** @param {(() => Promise<MediaStream>) | null} microphone */
  #connect(microphone) {
    const settings = this.#parts.form.value
    const { preset } = settings
    showFailure(undefined)
    this.#parts.view.begin(preset)
    this.#conversation.mute(false)
    // A failure arrives with the state, too.
    const { data_channel: channel, type } = preset
    this.#conversation.connect({ signaling: this.#signalingFor(settings), channel, type, microphone }).catch(() => {})
  }

  /** @param {ConversationState} state */
  #deliver({ can }) {
    if (!can.text || this.#undelivered === '') return
    const text = this.#takeUndelivered()
    // Not within the change: the listeners are still being told of this state.
    queueMicrotask(() => this.#conversation.sendText(text) || this.#giveBack(text))
  }

  /** @param {string} text */
  #giveBack(text) {
    if (text !== '') this.dispatchEvent(new CustomEvent('undelivered', { detail: text }))
  }

  #takeUndelivered() {
    const text = this.#undelivered
    this.#undelivered = ''
    return text
  }

  /**
   * The server returns the unused minutes of a call when it has hung it up: they are shown afterwards.
   *
   * @param {ConversationState} state
   */
  async #followMinutes({ call }) {
    if (call === 'closed') await this.#conversation.call?.hangUp().catch(() => {})
    this.showMinutes()
  }

  /** @param {Settings} settings */
  #signalingFor({ interface: chosen, preset: { name: preset, data_channel: channel, type }, choices }) {
    const { fetch } = this.#parts.access
    const key = JSON.stringify([chosen, preset, choices])
    if (this.#prepared?.key !== key) {
      // Live and translation are told of the channel in the offer only.
      const takesId = channel && (type === 'realtime' || type === 'transcription')
      const server = { preset, choices, fetch, dcid: takesId ? this.#dcid : undefined }
      const signaling = chosen === 'token' ? byEphemeralKey(server) : relayed(server)
      this.#prepared = { key, signaling }
    }
    return this.#prepared.signaling
  }

  /** CloudFormation turns every number into text. */
  get #dcid() {
    return this.#config.dcid === undefined ? undefined : Number(this.#config.dcid)
  }

  /** @param {readonly string[]} codes Of what is not wrong any more. */
  #recover(codes) {
    if (this.#conversation.state.microphone.error) this.#useMicrophone()
    if (resolveFailure(codes) && !this.#conversation.busy) this.#conversation.dismissError()
  }

  /** @param {string | undefined} note */
  #changeMicrophone(note) {
    // The settings have the note too, but they are mostly closed.
    if (note && this.#conversation.busy) this.#parts.view.notice(note)
    this.#useMicrophone()
  }

  /** @param {boolean} [wanted] Also in a call that has none. */
  async #useMicrophone(wanted = this.#conversation.state.microphone.stream !== undefined) {
    const { devices } = this.#parts
    if (!wanted || !this.#conversation.busy) return
    try {
      await this.#conversation.setMicrophone(() => devices.open())
    } catch (error) {
      if (this.#conversation.busy) showFailure(/** @type {import('../types.js').CallFailure} */ (error))
    }
  }
}
