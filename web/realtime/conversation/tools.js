/** Runs the functions that the model calls and the page has. */

/** @import {FunctionOutput, Item, Tool, Tools} from '../types.js' */

/** Thrown by a function that cannot do what the model asked: the model reads the message. */
export class ToolError extends Error {
  name = 'ToolError'
}

/** A function failed by a mistake of its own, which the model is told without the words. */
export class ToolFailure extends Error {
  name = 'ToolFailure'
  code = 'tool_failed'
}

/**
 * Calls functions at the same time.
 *
 * @param {readonly Item[]} calls
 * @param {Tools} tools
 * @param {AbortSignal} signal Aborted when the call is over.
 * @param {(failure: ToolFailure) => void} failed What becomes of a mistake in a function.
 * @returns {Promise<FunctionOutput[]>} The items that answer the model, in the order of the calls.
 */
export async function outputsOf(calls, tools, signal, failed) {
  return Promise.all(
    calls.map(async (call) => {
      return { type: 'function_call_output', call_id: call.call_id ?? '', output: await outputOf(call, tools, signal, failed) }
    })
  )
}

/**
 * @param {Item} call Its arguments are JSON, as the model wrote them.
 * @param {Tools} tools
 * @param {AbortSignal} signal
 * @param {(failure: ToolFailure) => void} failed What becomes of a mistake in a function.
 * @returns {Promise<string>} The result as JSON; `{"error": "…"}` where there is none.
 */
async function outputOf(call, tools, signal, failed) {
  try {
    return asJson(await toolOf(call.name ?? '', tools)(argumentsOf(call.arguments), { signal, toolCallId: call.call_id ?? '' }))
  } catch (error) {
    if (error instanceof ToolError) return asJson({ error: error.message })
    const message = `The function ${call.name} failed.`
    failed(new ToolFailure(message, { cause: error }))
    return asJson({ error: message })
  }
}

/**
 * @param {unknown} value
 * @returns {string} `null` for what JSON has no word for, such as undefined.
 * @throws {TypeError} Where it refers to itself, or is a BigInt.
 */
function asJson(value) {
  return JSON.stringify(value) ?? 'null'
}

/**
 * @param {string} name
 * @param {Tools} tools
 * @returns {Tool}
 */
function toolOf(name, tools) {
  const tool = Object.hasOwn(tools, name) ? tools[name] : undefined
  if (!tool) throw new ToolError(`This page has no function ${name}.`)
  return tool
}

/** @param {string | undefined} json */
function argumentsOf(json) {
  let args
  try {
    args = JSON.parse(json || '{}')
  } catch {
    throw new ToolError('The arguments are not JSON.')
  }
  if (typeof args !== 'object' || args === null) throw new ToolError('The arguments are not an object.')
  return args
}
