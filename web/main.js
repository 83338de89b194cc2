/** The page: it reads its configuration, and puts its parts together. */

/** @import {CallFailure, Config, Tool} from './types.js' */
/** @import {SignIn} from './sign-in/sign-in.js' */

import { CallController } from './call/controller.js'
import { CallView } from './call/call-view.js'
import { Devices } from './call/devices.js'
import { Loudspeaker } from './call/loudspeaker.js'
import { MicrophoneControls } from './call/microphone-controls.js'
import { Shortcuts } from './call/shortcuts.js'
import { Status } from './call/status.js'
import { offerReset } from './conversation/colours.js'
import { Composer } from './conversation/composer.js'
import { ConversationView } from './conversation/conversation-view.js'
import { Suggestions } from './conversation/suggestions.js'
import { Events } from './developer/events.js'
import { Drawer } from './drawer.js'
import { element } from './element.js'
import { showFailure } from './messages/failure.js'
import { Conversation } from './realtime/conversation/conversation.js'
import { Preferences } from './settings/preferences.js'
import { SettingsForm } from './settings/settings.js'
import { Access } from './sign-in/access.js'
import { takeAnswer } from './sign-in/answer.js'

// First, since anything else may fail.
const answer = takeAnswer()

const callButton = element('call', HTMLButtonElement)
new Drawer('settings')

try {
  await start(await readConfig())
} catch (error) {
  new Status().say('Not ready', '')
  showFailure(/** @type {CallFailure} */ (error))
  throw error
}

async function readConfig() {
  const response = await fetch('/config.json')
  if (!response.ok) throw new Error(`/config.json was answered with status ${response.status}.`)
  return /** @type {Promise<Config>} */ (response.json())
}

/** @param {Config} config */
async function start(config) {
  const preferences = new Preferences()
  const form = new SettingsForm(config, preferences)
  // A page that is open to everybody does not load this.
  const signing = config.access === 'signed-in' ? await import('./sign-in/index.js') : undefined
  const signIn = signing && new signing.SignIn(config)
  const access = new Access(signIn, form)
  const devices = new Devices(preferences)
  const loudspeaker = new Loudspeaker(preferences)
  const tools = { set_colour: tool('set_colour'), get_time: tool('get_time') }
  const conversation = new Conversation({ tools, noticeMutedSpeech: true, reconnect: () => access.allowed })
  const microphone = new MicrophoneControls(conversation, preferences)
  const view = new CallView(conversation, { access, devices, loudspeaker, microphone, hangUp: () => controller.hangUp() })
  const controller = new CallController(config, conversation, { access, form, devices, microphone, view })
  const say = (/** @type {string} */ text) => controller.say(text)
  const events = listen(conversation)
  const [composer, suggestions] = [new Composer(say), new Suggestions(say)]
  controller.addEventListener('undelivered', (event) => composer.restore(/** @type {CustomEvent<string>} */ (event).detail))
  const said = new ConversationView(conversation, { composer, suggestions, form, access, events })
  const show = () => [view, said].forEach((one) => one.show())
  new Shortcuts(preferences, { mute: () => microphone.toggle(), hangUp: () => controller.hangUp() })
  offerDeveloperPanel(events, conversation, { config, form })
  offerReset()
  followButton(conversation, controller)
  if (signIn) {
    const account = new signing.Account(signIn, async () => {
      await controller.hangUp()
      conversation.clear()
      events.clear()
    })
    await enter(signIn, account, controller, conversation, { show, outlast: () => view.notice(OUTLASTING) })
  }
  callButton.disabled = false
  show()
  controller.showMinutes()
}

/**
 * A function that the model may call, loaded when it first calls one.
 *
 * @param {'set_colour' | 'get_time'} name
 * @returns {Tool}
 */
function tool(name) {
  return async (args, call) => (await import('./conversation/tools.js')).pageTools()[name](args, call)
}

/** @param {Conversation} conversation */
function listen(conversation) {
  const events = new Events()
  conversation.addEventListener('client-event', ({ detail }) => events.add('sent', detail))
  conversation.addEventListener('server-event', ({ detail }) => events.add('received', detail))
  conversation.addEventListener('change', ({ detail: { state, changed } }) => {
    if (!changed.includes('callId')) return
    element('call-id').textContent = state.callId ?? ''
    element('call-line').hidden = state.callId === undefined
  })
  return events
}

/**
 * @param {Events} events
 * @param {Conversation} conversation
 * @param {{config: Config, form: SettingsForm}} page
 */
function offerDeveloperPanel(events, conversation, page) {
  /** @type {Promise<import('./developer/developer.js').DeveloperPanel> | undefined} */
  let loaded
  const load = async () => new (await import('./developer/developer.js')).DeveloperPanel(events, conversation, page)
  new Drawer('developer', {
    beside: true,
    opened: async () => {
      loaded ??= load()
      try {
        const panel = await loaded
        panel.show()
      } catch (error) {
        loaded = undefined // the next time it is tried again
        showFailure(/** @type {CallFailure} */ (error))
      }
    }
  })
}

/**
 * @param {Conversation} conversation
 * @param {CallController} controller
 */
function followButton(conversation, controller) {
  callButton.addEventListener('click', () => (conversation.busy ? controller.hangUp() : controller.place()))
  for (const type of ['pointerenter', 'focus', 'pointerdown']) callButton.addEventListener(type, () => controller.prepare())
  addEventListener('pagehide', () => controller.hangUp())
}

const OUTLASTING = 'Your sign-in has expired. You can go on speaking, and sign in again before the next call.'

/**
 * @param {SignIn} signIn
 * @param {import('./sign-in/account.js').Account} account
 * @param {CallController} controller
 * @param {Conversation} conversation
 * @param {{show: () => void, outlast: () => void}} page
 */
async function enter(signIn, account, controller, conversation, { show, outlast }) {
  await signIn.resume(answer).catch(showFailure)
  account.show()
  let before = signIn.state
  signIn.addEventListener('change', () => {
    show()
    if (signIn.state !== before) {
      controller.showMinutes()
      if (conversation.state.call === 'connected') outlast()
    }
    before = signIn.state
  })
}
