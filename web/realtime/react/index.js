/** The third entry, `realtime-serverless/react`: a conversation as a hook. React itself is the project's own. */

/** @import {Tools, UseConversationOptions, UsedConversation} from '../types.js' */

import { useCallback, useEffect, useRef, useState, useSyncExternalStore } from 'react'

import { Conversation } from '../conversation/conversation.js'

/**
 * A conversation that lives with the component: it is hung up when the component goes away, also when React mounts it
 * twice, as `StrictMode` does.
 *
 * @param {UseConversationOptions} options May be other ones at each rendering: a call takes those of its beginning, and the
 *   functions of `tools` are always the newest.
 * @returns {UsedConversation}
 */
export function useConversation(options) {
  const [conversation] = useState(() => new Conversation())
  const newest = useRef(options)
  const before = useRef(/** @type {Partial<UseConversationOptions>} */ ({}))
  const state = useSyncExternalStore(
    useCallback((changed) => listen(conversation, changed), [conversation]),
    () => conversation.state,
    () => conversation.state
  )
  useEffect(() => void (newest.current = options))
  useEffect(() => () => void conversation.hangUp().catch(() => {}), [conversation])
  const call = useCallback(() => connect(conversation, newest, before), [conversation])
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
  const player = useRef(/** @type {HTMLAudioElement | null} */ (null))
  const [mounted, setMounted] = useState(player.current)
  const [isBlocked, setBlocked] = useState(false)
  const audio = useCallback((/** @type {HTMLAudioElement | null} */ element) => setMounted((player.current = element)), [])
  const play = useCallback(async () => {
    try {
      await player.current?.play()
      setBlocked(false)
    } catch (error) {
      // Any other failure only means that the call has ended.
      setBlocked(error instanceof DOMException && error.name === 'NotAllowedError')
    }
  }, [])
  useEffect(() => {
    if (mounted) mounted.srcObject = stream ?? null
    if (stream) play()
    else setBlocked(false)
  }, [stream, mounted, play])
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
 * Why a call fails is in the state. What is thrown before there is one is a mistake in the code.
 *
 * @param {Conversation} conversation
 * @param {{current: UseConversationOptions}} newest
 * @param {{current: Partial<UseConversationOptions>}} before Those of the call before: what is left out now does not hold any more.
 */
async function connect(conversation, newest, before) {
  if (conversation.busy) return
  const leftOut = Object.fromEntries(Object.keys(before.current).map((name) => [name, undefined]))
  const { tools = {}, ...options } = (before.current = newest.current)
  const { call } = conversation
  await conversation.connect({ ...leftOut, ...options, tools: newestOf(tools, newest) }).catch((error) => {
    if (conversation.call === call) throw error
  })
}

/**
 * @param {Tools} tools
 * @param {{current: UseConversationOptions}} newest
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
