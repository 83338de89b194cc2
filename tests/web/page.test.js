import assert from 'node:assert/strict'
import { readFileSync, readdirSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'
import { test } from 'node:test'
import { gzipSync } from 'node:zlib'

import { buildSync } from 'esbuild'

const root = new URL('../../', import.meta.url).pathname
const web = join(root, 'web')
const html = readFileSync(join(web, 'index.html'), 'utf8')

/** A module and whatever it imports at once, each once. */
function imported(path, found = new Set()) {
  for (const [, name] of readFileSync(join(web, path), 'utf8').matchAll(/^import [^']*?'(\.[^']+)'/gm)) {
    const module = normalize(join(dirname(path), name))
    if (found.has(module)) continue
    found.add(module)
    imported(module, found)
  }
  return found
}

test('the page asks for all its modules at once', () => {
  const preloaded = [...html.matchAll(/rel="modulepreload" href="([^"]+)"/g)].map(([, path]) => path)

  assert.deepEqual(preloaded, [...imported('main.js')].sort())
})

test('every module of the page is used', () => {
  const own = (name) => name.endsWith('.js') && name !== 'main.js' && !name.startsWith('realtime/')
  const modules = readdirSync(web, { recursive: true }).filter(own)

  assert.deepEqual(modules.filter((name) => !imported('main.js').has(name)), [])
})

/** What lies beside the page for developers; the page fetches the contract only when its help is opened. */
const NOT_FETCHED = /(\.d\.ts|\.md|package\.json|openapi\.json|LICENSE)$/

test('the page is under 60 KB as browsers fetch it when it is opened', () => {
  const files = readdirSync(web, { recursive: true, withFileTypes: true }).filter((file) => file.isFile())
  const paths = files.map(({ parentPath, name }) => join(parentPath, name)).filter((path) => !NOT_FETCHED.test(path))
  const code = paths.filter((path) => /\.(js|css)$/.test(path))
  const options = { entryPoints: code, outdir: root, minify: true, write: false }
  const library = { entryPoints: [join(root, 'functions/publish/oauth4webapi.js')], bundle: true, format: 'esm', minify: true, write: false }
  const built = [...buildSync(options).outputFiles, ...buildSync(library).outputFiles].map(({ contents }) => contents)
  const rest = paths.filter((path) => !code.includes(path)).map((path) => readFileSync(path))
  const bytes = [...built, ...rest].reduce((sum, content) => sum + gzipSync(content, { level: 9 }).length, 0)

  assert.ok(bytes < 60_000, `${bytes} bytes`)
})
