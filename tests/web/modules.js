/** The page's modules, found by their imports. `npm run modulepreload` writes those of the first load into index.html. */

import { readFileSync, writeFileSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'

export const root = new URL('../../', import.meta.url).pathname
export const web = join(root, 'web')

const AT_ONCE = /^(?:import [^']*?|export \{[^']*?\} from )'(\.[^']+)'/gm
/** But for those in types, which are comments. */
const LATER = /(?<!\*.*)import\('(\.[^']+)'\)/g
const LINKS = /( *<link rel="modulepreload"[^\n]*\n)+/

/**
 * A module and whatever it imports, each once.
 *
 * @param {string} path
 * @param {{later?: boolean}} [options] Whether also what is imported only when it is needed.
 */
export function imported(path, { later = false } = {}, found = new Set()) {
  const source = readFileSync(join(web, path), 'utf8')
  const names = [...source.matchAll(AT_ONCE), ...(later ? source.matchAll(LATER) : [])]
  for (const [, name] of names) {
    const module = normalize(join(dirname(path), name))
    if (found.has(module)) continue
    found.add(module)
    imported(module, { later }, found)
  }
  return found
}

/** The page, which asks for all the modules of the first load at once: found one by one they would take a round trip each. */
export function withModulePreloads(html) {
  const links = [...imported('main.js')].sort().map((path) => `    <link rel="modulepreload" href="${path}">\n`)
  return html.replace(LINKS, links.join(''))
}

if (process.argv[1] === new URL(import.meta.url).pathname) {
  const index = join(web, 'index.html')
  writeFileSync(index, withModulePreloads(readFileSync(index, 'utf8')))
}
