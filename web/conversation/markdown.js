/**
 * Written text as elements. `marked` reads the Markdown; the elements are made here, one by one, so that no text ever
 * becomes HTML: what is not listed stays text, and the page needs no Trusted Types policy.
 */

/** @import {Token, Tokens} from 'marked' */

import { make } from '../element.js'
import { lexer } from '/vendor/marked.js'

/** Where a link may lead. */
const PROTOCOLS = new Set(['https:', 'http:', 'mailto:'])

/** @type {Record<string, keyof HTMLElementTagNameMap>} */
const TAGS = { paragraph: 'p', blockquote: 'blockquote', strong: 'strong', em: 'em', del: 'del', list_item: 'li', hr: 'hr', br: 'br' }

/**
 * @param {string} text
 * @returns {(Node | string)[]}
 */
export function markdown(text) {
  return nodes(lexer(text, { gfm: true, breaks: true }))
}

/** @param {readonly Token[]} [tokens] */
function nodes(tokens = []) {
  return tokens.flatMap(node)
}

/**
 * @param {Token} token
 * @returns {(Node | string)[]}
 */
function node(token) {
  const tag = TAGS[token.type]
  if (tag) return [make(tag, '', ...inside(token))]
  switch (token.type) {
    case 'space':
    case 'def':
      return []
    case 'heading':
      return [make(token.depth < 3 ? 'h3' : 'h4', '', ...inside(token))]
    case 'list':
      return [list(/** @type {Tokens.List} */ (token))]
    case 'code':
      return [make('pre', '', make('code', '', token.text))]
    case 'codespan':
      return [make('code', '', token.text)]
    case 'link':
      return [link(token.href, inside(token))]
    case 'image':
      return [link(token.href, [token.text || token.href])]
    case 'table':
      return [table(/** @type {Tokens.Table} */ (token))]
    case 'checkbox':
      return [token.checked ? '☑ ' : '☐ ']
    default:
      // Text, also of HTML, which is shown as it was written.
      return inside(token)
  }
}

/**
 * @param {Token} token
 * @returns {(Node | string)[]}
 */
function inside(token) {
  if ('tokens' in token && token.tokens) return nodes(token.tokens)
  return 'text' in token && token.text ? [token.text] : []
}

/** @param {Tokens.List} token */
function list({ ordered, start, items }) {
  if (!ordered) return make('ul', '', ...nodes(items))
  const made = make('ol', '', ...nodes(items))
  if (start !== '') made.start = start
  return made
}

/** @param {Tokens.Table} token */
function table({ header, rows }) {
  const cells = (/** @type {'th' | 'td'} */ tag, /** @type {Tokens.TableCell[]} */ row) => make('tr', '', ...row.map(({ tokens }) => make(tag, '', ...nodes(tokens))))
  return make('table', '', make('thead', '', cells('th', header)), make('tbody', '', ...rows.map((row) => cells('td', row))))
}

/**
 * @param {string} href
 * @param {(Node | string)[]} content
 * @returns {Node | string}
 */
function link(href, content) {
  // Safari before 18 has no URL.parse.
  if (!URL.canParse(href) || !PROTOCOLS.has(new URL(href).protocol)) return make('span', '', ...content)
  const made = make('a', '', ...content)
  made.href = href
  made.target = '_blank'
  made.rel = 'noopener noreferrer nofollow'
  return made
}
