/** The page: it reads its configuration, and puts its parts together. */

/** @import {CallFailure, Config} from './types.js' */

import { Access } from './access.js'
import { Account } from './account.js'
import { CallRecord } from './record.js'
import { Devices } from './devices.js'
import { element } from './element.js'
import { showFailure } from './failure.js'
import { Help } from './help.js'
import { Loudspeaker } from './loudspeaker.js'
import { Memory } from './memory.js'
import { SettingsForm } from './settings.js'
import { SignIn, takeAnswer } from './sign-in.js'
import { Status } from './status.js'
import { Switchboard } from './switchboard.js'
import { Talk } from './talk.js'
import { pageTools, resetColours } from './tools.js'

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
  const memory = new Memory()
  const form = new SettingsForm(config, memory)
  const signIn = config.access === 'signed-in' ? new SignIn(config) : undefined
  const access = new Access(signIn, form)
  const devices = new Devices(memory)
  const switchboard = new Switchboard(config, {
    access,
    form,
    status,
    devices,
    record: new CallRecord(pageTools()),
    talk: new Talk(memory),
    loudspeaker: new Loudspeaker(memory)
  })
  new Help()
  listen(switchboard)
  if (signIn) await enter(signIn, access, switchboard)
  callButton.disabled = false
  switchboard.show()
  switchboard.showMinutes()
  status.rest(access)
}

/** @param {Switchboard} switchboard */
function listen(switchboard) {
  callButton.addEventListener('click', () => (switchboard.busy ? switchboard.hangUp() : switchboard.place()))
  for (const type of ['pointerenter', 'focus', 'pointerdown']) callButton.addEventListener(type, () => switchboard.prepare())
  addEventListener('pagehide', () => switchboard.hangUp())
  followColours()
}

/**
 * @param {SignIn} signIn
 * @param {Access} access
 * @param {Switchboard} switchboard
 */
async function enter(signIn, access, switchboard) {
  const account = new Account(signIn, () => switchboard.hangUp())
  await signIn.resume(answer).catch(showFailure)
  account.show()
  let before = signIn.state
  signIn.addEventListener('change', () => {
    switchboard.show()
    if (signIn.state !== before) {
      switchboard.showMinutes()
      if (document.body.dataset.state === 'connected') switchboard.outlast()
      else if (!switchboard.busy) status.rest(access)
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
