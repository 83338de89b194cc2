/** The third entry, `realtime-serverless/react`: a conversation as a hook. React itself is the project's own. */

/** @import {ConversationOptions, Tools, UsedConversation} from '../types.js' */

import { useCallback, useEffect, useRef, useState, useSyncExternalStore } from 'react'

import { Conversation } from '../conversation/conversation.js'

/**
 * A conversation that lives with the component: it is hung up when the component goes away, also when React mounts it
 * twice, as `StrictMode` does.
 *
 * @param {ConversationOptions} options May be other ones at each rendering: a call takes those of its beginning, and the
 *   functions of `tools` are always the newest.
 * @returns {UsedConversation}
 */
export function useConversation(options) {
  const [conversation] = useState(() => new Conversation())
  const newest = useRef(options)
  const state = useSyncExternalStore(
    useCallback((changed) => listen(conversation, changed), [conversation]),
    () => conversation.state,
    () => conversation.state
  )
  useEffect(() => void (newest.current = options))
  useEffect(() => () => void conversation.hangUp().catch(() => {}), [conversation])
  const call = useCallback(() => connect(conversation, newest), [conversation])
  // Why it fails is in the state.
  const hangUp = useCallback(() => conversation.hangUp().catch(() => {}), [conversation])
  const mute = useCallback((/** @type {unknown} */ muted = true) => conversation.mute(Boolean(muted)), [conversation])
  const send = useCallback((/** @type {string} */ text) => conversation.sendText(text), [conversation])
  return { conversation, state, stream: state.stream, error: state.error, call, hangUp, mute, send, ...useVoice(state.stream) }
}

/**
 * Plays the model's voice, where the browser lets the page do so by itself.
 *
 * @param {MediaStream | undefined} stream
 */
function useVoice(stream) {
  const audio = useRef(/** @type {HTMLAudioElement | null} */ (null))
  const [isBlocked, setBlocked] = useState(false)
  const play = useCallback(async () => {
    try {
      await audio.current?.play()
      setBlocked(false)
    } catch (error) {
      // Any other failure only means that the call has ended.
      setBlocked(error instanceof DOMException && error.name === 'NotAllowedError')
    }
  }, [])
  useEffect(() => {
    if (audio.current) audio.current.srcObject = stream ?? null
    if (stream) play()
    else setBlocked(false)
  }, [stream, play])
  return { audio, isBlocked, play }
}

/**
 * @param {Conversation} conversation
 * @param {() => void} changed
 * @returns {() => void} Listens no more.
 */
function listen(conversation, changed) {
  conversation.addEventListener('change', changed)
  return () => conversation.removeEventListener('change', changed)
}

/**
 * Why it fails is in the state.
 *
 * @param {Conversation} conversation
 * @param {{current: ConversationOptions}} newest
 */
async function connect(conversation, newest) {
  if (conversation.busy) return
  const { tools = {}, ...options } = newest.current
  await conversation.connect({ ...options, tools: newestOf(tools, newest) }).catch(() => {})
}

/**
 * @param {Tools} tools
 * @param {{current: ConversationOptions}} newest
 * @returns {Tools} The same functions as they are when they are called: those of the newest rendering.
 */
function newestOf(tools, newest) {
  const entries = Object.entries(tools).map(([name, first]) => {
    /** @type {import('../types.js').Tool} */
    const tool = (args, call) => (newest.current.tools?.[name] ?? first)(args, call)
    return [name, tool]
  })
  return Object.fromEntries(entries)
}
