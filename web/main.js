/** The page: it listens to a call and lets the person act on it. It knows nothing of WebRTC. */

/** @import {CallFailure, Config, ServerEvent, Settings} from './types.js' */

import { Account } from './account.js'
import { Call } from './realtime/call.js'
import { Conversation } from './conversation.js'
import { element } from './element.js'
import { EventLog } from './event-log.js'
import { showFailure } from './failure.js'
import { Responses } from './responses.js'
import { SettingsForm } from './settings.js'
import { SignIn, takeAnswer } from './sign-in.js'
import { byEphemeralKey, relayed } from './realtime/signaling.js'
import { functionCallOutputs, pageTools, resetColours } from './tools.js'
import { Transcript } from './transcript.js'

// Before anything else can fail.
const answer = takeAnswer()

const callButton = element('call', HTMLButtonElement)
const muteButton = element('mute', HTMLButtonElement)
const playButton = element('play', HTMLButtonElement)
const resetButton = element('reset-colours', HTMLButtonElement)
const signInButton = element('sign-in', HTMLButtonElement)
const composer = element('composer', HTMLFormElement)
const message = element('message', HTMLInputElement)
const sendButton = element('send', HTMLButtonElement)
const voice = element('voice-out', HTMLAudioElement)

const conversation = new Conversation()
const log = new EventLog()
const tools = pageTools()

/** What the person reads for each state of a call: one line, and one sentence of advice. */
const WORDS = {
  ready: ['Ready', 'Press connect, allow the microphone, and speak.'],
  asking: ['Asking for the microphone', 'Your browser asks whether this page may listen.'],
  connecting: ['Connecting', 'The offer is on its way.'],
  connected: ['Connected', 'Speak. You can interrupt at any time.'],
  locked: ['Connected', 'Speak and listen. This preset is audio only, so nothing is written down.'],
  transcribing: ['Connected', 'Speak. Your words are written down.'],
  ended: ['Call ended', 'Connect again whenever you like.'],
  failed: ['The call did not work', 'What went wrong is written below.'],
  cut: ['Call ended', 'Why it ended is written below.'],
  unusable: ['Not ready', 'The page could not read its configuration.'],
  'signed-out': ['Not signed in', 'Speak with a model, from your browser. Sign in first: only people who are known here may start a call.'],
  expired: ['Your sign-in has expired', 'Sign in again, then connect.'],
  outlasting: ['Connected', 'Your sign-in has expired. You can go on speaking, and sign in again before the next call.']
}

/** @type {Call | undefined} */
let call
/** @type {Responses | undefined} */
let responses
/** @type {SignIn | undefined} undefined where the page is open to everybody */
let signIn

try {
  await start(await readConfig())
} catch (error) {
  say('unusable')
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
  const settings = new SettingsForm(config)
  callButton.addEventListener('click', () => (inCall() ? hangUp() : place(config, settings)))
  muteButton.addEventListener('click', () => mute(muteButton.ariaPressed !== 'true'))
  playButton.addEventListener('click', play)
  resetButton.addEventListener('click', forgetColours)
  composer.addEventListener('submit', sendMessage)
  addEventListener('pagehide', hangUp)
  if (config.access === 'signed-in') await enter(config, settings)
  callButton.disabled = false
  showAccess(settings)
  rest()
}

/**
 * @param {Config} config
 * @param {SettingsForm} form
 */
async function enter(config, form) {
  const entering = new SignIn(config)
  const account = new Account(entering, hangUp)
  signIn = entering
  await entering.resume(answer).catch(showFailure)
  account.show()
  entering.addEventListener('change', () => followAccess(entering, form))
}

function mayCall() {
  return !signIn || signIn.state === 'signed-in'
}

/**
 * @param {SignIn} entered
 * @param {SettingsForm} form
 */
function followAccess({ state }, form) {
  const before = document.body.dataset.access
  showAccess(form)
  if (state === before) return
  if (call?.state === 'connected') say('outlasting')
  else if (!inCall()) rest()
}

function rest() {
  if (mayCall()) say('ready')
  else say(signIn?.state === 'expired' ? 'expired' : 'signed-out')
}

/**
 * What the person can do next: call, or sign in first. A call that is up outlasts the sign-in.
 *
 * @param {SettingsForm} form
 */
function showAccess(form) {
  document.body.dataset.access = signIn?.state ?? 'open'
  const focused = document.activeElement === callButton
  callButton.hidden = !mayCall() && !inCall()
  signInButton.hidden = !callButton.hidden
  form.disabled = !mayCall() || inCall()
  if (focused && callButton.hidden) signInButton.focus()
}

function inCall() {
  return call?.state === 'connecting' || call?.state === 'connected'
}

/**
 * @param {Config} config
 * @param {SettingsForm} form
 */
function place(config, form) {
  const settings = form.value
  const { preset } = settings
  const placed = new Call(signalingFor(config, settings), { channel: !preset.locked })
  call = placed
  clearPage(settings)
  mute(false)
  placed.addEventListener('state', ({ detail: { state, error } }) => {
    const before = document.body.dataset.state
    document.body.dataset.state = state
    showAccess(form)
    if (state === 'connecting') say('asking')
    if (state === 'connected') beConnected(settings)
    if (state === 'closed') beClosed(error && (before === 'connected' ? 'cut' : 'failed'), error)
  })
  placed.addEventListener('microphone', () => say('connecting'))
  placed.addEventListener('answered', ({ detail }) => showCallId(detail.callId))
  placed.addEventListener('stream', ({ detail }) => {
    voice.srcObject = detail
    play()
  })
  listen(placed)
  // A failure arrives with the state `closed`.
  placed.connect().catch(() => {})
}

/**
 * @param {Config} config
 * @param {Settings} settings
 */
function signalingFor({ calls_url: callsUrl }, { interface: chosen, preset: { name: preset }, choices }) {
  const { fetch } = signIn ?? globalThis
  if (chosen === 'token') return byEphemeralKey({ callsUrl, preset, choices, fetch })
  return relayed({ preset, choices, fetch })
}

/** @param {Call} placed */
function listen(placed) {
  const transcript = new Transcript()
  const asking = new Responses((event) => placed.send(event))
  responses = asking
  placed.addEventListener('client-event', ({ detail }) => log.add('sent', detail))
  placed.addEventListener('server-event', ({ detail: event }) => {
    log.add('received', event)
    transcript.add(event)
    conversation.show(transcript.turns)
    asking.follow(event)
    runFunctions(placed, asking, event)
    showErrorOf(event)
  })
}

/**
 * @param {Call} placed
 * @param {Responses} asking
 * @param {ServerEvent} event
 */
function runFunctions(placed, asking, event) {
  const outputs = functionCallOutputs(event, tools)
  if (outputs.length === 0) return
  for (const output of outputs) placed.send(output)
  asking.request()
  resetButton.hidden = !document.documentElement.style.length
}

/** @param {ServerEvent} event */
function showErrorOf({ type, error, event_id: requestId, response }) {
  if (type === 'error' && error) showFailure({ name: type, message: error.message, code: error.code ?? error.type, requestId })
  const failed = response?.status === 'failed' ? response.status_details?.error : undefined
  if (failed) showFailure({ name: type, message: failed.message ?? 'The model could not answer.', code: failed.code ?? failed.type })
}

/** @param {Settings} settings */
function clearPage({ preset }) {
  showFailure(undefined)
  showCallId(undefined)
  log.clear()
  conversation.clear(preset.locked ? 'A locked preset writes nothing down, by design.' : 'What is said will be written here.')
  element('call-label').textContent = 'Hang up'
}

/** @param {Settings} settings */
function beConnected({ preset }) {
  say(preset.locked ? 'locked' : preset.type === 'transcription' ? 'transcribing' : 'connected')
  muteButton.disabled = false
  allowMessages(!preset.locked && preset.type === 'realtime')
}

/**
 * @param {'cut' | 'failed' | undefined} fault
 * @param {CallFailure | undefined} error
 */
function beClosed(fault, error) {
  say(fault ?? (mayCall() ? 'ended' : 'expired'))
  showFailure(error)
  element('call-label').textContent = 'Connect'
  voice.srcObject = null
  playButton.hidden = true
  muteButton.disabled = true
  allowMessages(false)
}

/** @param {string | undefined} callId */
function showCallId(callId) {
  element('call-id').textContent = callId ?? ''
  element('call-line').hidden = callId === undefined
}

async function hangUp() {
  await call?.hangUp().catch(showFailure)
}

/** @param {boolean} muted */
function mute(muted) {
  if (call) call.muted = muted
  muteButton.ariaPressed = String(muted)
}

async function play() {
  try {
    await voice.play()
    playButton.hidden = true
  } catch (error) {
    // The browser wants another click before it makes a sound. Any other failure only means that the call has ended.
    playButton.hidden = !(error instanceof DOMException && error.name === 'NotAllowedError')
  }
}

/** @param {SubmitEvent} event */
function sendMessage(event) {
  event.preventDefault()
  const text = message.value.trim()
  if (text === '' || call?.state !== 'connected') return
  showFailure(undefined)
  responses?.interrupt()
  call.send({ type: 'conversation.item.create', item: { type: 'message', role: 'user', content: [{ type: 'input_text', text }] } })
  responses?.request()
  message.value = ''
}

/** @param {boolean} allowed */
function allowMessages(allowed) {
  message.disabled = !allowed
  sendButton.disabled = !allowed
}

function forgetColours() {
  resetColours()
  resetButton.hidden = true
}

/** @param {keyof typeof WORDS} key */
function say(key) {
  const [state = '', advice = ''] = WORDS[key]
  element('state').textContent = state
  element('advice').textContent = advice
}
