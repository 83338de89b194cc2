/** What the person does with the call: place it, with a microphone or by typing alone, and end it. */

/** @import {CallParts, Config, ConversationState, Settings, Signaling} from '../types.js' */
/** @import {Conversation} from '../realtime/conversation/conversation.js' */

import { resolveFailure, showFailure } from '../messages/failure.js'
import { byEphemeralKey, relayed } from '../realtime/signaling.js'
import { Minutes } from './minutes.js'

/** What is wrong no more when a microphone is there, or may be used. */
const ABSENT = ['no_microphone', 'microphone_failed']
const DENIED = ['microphone_denied', 'microphone_denied_by_system']

/** An `unsaid` event gives back what was typed, where there was no call to say it in after all. */
export class CallController extends EventTarget {
  #config
  #conversation
  #parts
  #minutes = new Minutes()
  /** What was typed before there was a call to say it in. */
  #unsaid = ''
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
    devices.addEventListener('change', () => this.#useMicrophone())
    devices.addEventListener('available', () => this.#recover(ABSENT))
    devices.addEventListener('allowed', () => this.#recover(DENIED))
    microphone.addEventListener('wanted', () => this.#useMicrophone(true))
    addEventListener('online', () => this.#recover(['unreachable']))
    conversation.addEventListener('change', ({ detail: { state, changed } }) => {
      if (changed.includes('can')) this.#sayUnsaid(state)
      if (changed.includes('busy') && !state.busy) this.#giveBackUnsaid()
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
    this.#unsaid = text
    this.#connect(null)
    return true
  }

  /** Does what can be done before the button is pressed: an ephemeral key, where the microphone is allowed already. */
  async prepare() {
    const { access, devices, form } = this.#parts
    // A key that nobody uses would take an hour of them.
    if (await this.#minutes.limited) return
    if (!this.#conversation.busy && access.allowed && devices.permission === 'granted') this.#signalingFor(form.value).prepare?.()
  }

  /** @returns {Promise<void>} Settles when the upstream knows that it is over. */
  async hangUp() {
    if (this.#conversation.busy) await this.#conversation.hangUp().catch(showFailure)
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
  #sayUnsaid({ can }) {
    if (!can.text || this.#unsaid === '') return
    const text = this.#unsaid
    this.#unsaid = ''
    // Not within the change: the state of this one is still being told.
    queueMicrotask(() => this.#conversation.sendText(text))
  }

  #giveBackUnsaid() {
    if (this.#unsaid !== '') this.dispatchEvent(new CustomEvent('unsaid', { detail: this.#unsaid }))
    this.#unsaid = ''
  }

  /**
   * What a call has not used is given back when the server has hung it up.
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

  /** CloudFormation makes text of every number. */
  get #dcid() {
    return this.#config.dcid === undefined ? undefined : Number(this.#config.dcid)
  }

  /** @param {readonly string[]} codes Of what is not wrong any more. */
  #recover(codes) {
    if (this.#conversation.state.microphone.error) this.#useMicrophone()
    if (resolveFailure(codes) && !this.#conversation.busy) this.#conversation.dismissError()
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
