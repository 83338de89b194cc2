/** The page: it reads its configuration, and puts its parts together. */

/** @import {CallFailure, Config} from './types.js' */

import { Access } from './sign-in/access.js'
import { Account } from './sign-in/account.js'
import { Devices } from './call/devices.js'
import { element } from './element.js'
import { showFailure } from './messages/failure.js'
import { Help } from './developer/help.js'
import { Loudspeaker } from './call/loudspeaker.js'
import { Preferences } from './settings/preferences.js'
import { SettingsForm } from './settings/settings.js'
import { SignIn, takeAnswer } from './sign-in/sign-in.js'
import { Status } from './call/status.js'
import { CallController } from './call/controller.js'
import { MicrophoneMode } from './call/microphone-mode.js'
import { pageTools, resetColours } from './conversation/tools.js'
import { Conversation } from './realtime/conversation/conversation.js'

// Before anything else can fail.
const answer = takeAnswer()

const callButton = element('call', HTMLButtonElement)
const resetButton = element('reset-colours', HTMLButtonElement)
const status = new Status()

try {
  await start(await readConfig())
} catch (error) {
  status.say('unusable')
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
  const signIn = config.access === 'signed-in' ? new SignIn(config) : undefined
  const access = new Access(signIn, form)
  const devices = new Devices(preferences)
  const conversation = new Conversation({
    microphone: () => devices.open(),
    tools: pageTools(),
    reconnect: () => access.allowed,
    noticeMutedSpeech: true
  })
  const loudspeaker = new Loudspeaker(preferences)
  const controller = new CallController(config, { access, form, status, devices, conversation, loudspeaker })
  new MicrophoneMode(preferences, conversation)
  new Help()
  listen(controller)
  if (signIn) await enter(signIn, access, controller)
  callButton.disabled = false
  controller.show()
  controller.showMinutes()
  status.rest(access)
}

/** @param {CallController} controller */
function listen(controller) {
  callButton.addEventListener('click', () => (controller.busy ? controller.hangUp() : controller.place()))
  for (const type of ['pointerenter', 'focus', 'pointerdown']) callButton.addEventListener(type, () => controller.prepare())
  addEventListener('pagehide', () => controller.hangUp())
  followColours()
}

/**
 * @param {SignIn} signIn
 * @param {Access} access
 * @param {CallController} controller
 */
async function enter(signIn, access, controller) {
  const account = new Account(signIn, () => controller.hangUp())
  await signIn.resume(answer).catch(showFailure)
  account.show()
  let before = signIn.state
  signIn.addEventListener('change', () => {
    controller.show()
    if (signIn.state !== before) {
      controller.showMinutes()
      if (document.body.dataset.state === 'connected') controller.outlast()
      else if (!controller.busy) status.rest(access)
    }
    before = signIn.state
  })
}

/** The way back, as soon as the model has painted something. */
function followColours() {
  const { documentElement } = document
  new MutationObserver(() => (resetButton.hidden = documentElement.style.length === 0)).observe(documentElement, {
    attributeFilter: ['style']
  })
  resetButton.addEventListener('click', () => resetColours())
}
