/** The contract, as its OpenAPI document has it: https://spec.openapis.org/oas/v3.1.0 */

import { make } from '../element.js'
import { fixOf } from '../messages/fixes.js'

const METHODS = ['get', 'post', 'put', 'patch', 'delete']

/**
 * @param {any} document
 * @returns {HTMLElement[]} One to unfold for each route.
 */
export function contract(document) {
  const seen = (/** @type {any} */ value) => resolved(value, document)
  return Object.entries(document.paths).flatMap(([path, routes]) => {
    const item = seen(routes)
    return METHODS.filter((method) => item[method]).map((method) => route(method, path, item, seen))
  })
}

/**
 * @param {string} method
 * @param {string} path
 * @param {any} item
 * @param {(value: any) => any} seen Follows a reference.
 */
function route(method, path, item, seen) {
  const { summary, description, parameters = [], requestBody, responses } = item[method]
  const asked = [...(item.parameters ?? []), ...parameters].map(seen).map((one) => [`${one.name} (${one.in})`, one.description])
  const body = requestBody ? [[`body: ${Object.keys(seen(requestBody).content).join(', ')}`, seen(requestBody).description]] : []
  const answers = Object.entries(responses).flatMap(([status, response]) => [
    [status, seen(response).description],
    ...errors(status, seen(response), seen)
  ])
  const words = [summary, description].filter(Boolean).map((text) => make('p', 'hint', ...inline(text)))
  const title = make('summary', '', make('h3', '', `${method.toUpperCase()} ${path}`))
  return make('details', '', title, ...words, ...list('Takes', [...body, ...asked]), ...list('Answers', answers))
}

/**
 * The errors that a status may have, each with what mends it.
 *
 * @param {string} status
 * @param {any} response
 * @param {(value: any) => any} seen
 */
function errors(status, { content = {} }, seen) {
  const examples = Object.values(content).flatMap(({ examples = {}, example }) => [
    ...Object.values(examples).map((one) => seen(one).value),
    ...(example ? [example] : [])
  ])
  return examples
    .filter((value) => value?.error?.code)
    .map(({ error: { code, message } }) => [`${status} ${code}`, `${message} ${fixOf({ code, status: Number(status) })}`])
}

/**
 * @param {string} title
 * @param {(string | undefined)[][]} rows
 */
function list(title, rows) {
  if (rows.length === 0) return []
  const entries = rows.flatMap(([name = '', words = '']) => [make('dt', '', name), make('dd', '', ...inline(words))])
  return [make('h4', '', title), make('dl', '', ...entries)]
}

/**
 * The document's Markdown, as far as it has any: `code`.
 *
 * @param {string} text
 */
function inline(text) {
  return text.split('`').map((part, n) => (n % 2 ? make('code', '', part) : part))
}

/**
 * @param {any} value
 * @param {any} document
 * @returns {any} What a reference leads to, or the value itself.
 */
function resolved(value, document) {
  const path = value?.$ref?.split('/').slice(1)
  if (!path) return value
  return path.reduce((/** @type {any} */ part, /** @type {string} */ name) => part[name.replaceAll('~1', '/').replaceAll('~0', '~')], document)
}
