import assert from 'node:assert/strict'
import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { gzipSync } from 'node:zlib'

import { buildSync } from 'esbuild'

import { imported, root, web, withModulePreloads } from './modules.js'

const html = readFileSync(join(web, 'index.html'), 'utf8')

test('the page asks for all modules of its first load at once: npm run modulepreload writes the list', () => {
  assert.equal(html, withModulePreloads(html))
})

test('every module of the page is used', () => {
  const own = (name) => name.endsWith('.js') && name !== 'main.js' && !name.startsWith('realtime/')
  const modules = readdirSync(web, { recursive: true }).filter(own)

  assert.deepEqual(modules.filter((name) => !imported('main.js', { later: true }).has(name)), [])
})

/** As `sam build` does, and CloudFront after it. */
function compressed(options) {
  const { outputFiles } = buildSync({ minify: true, write: false, outdir: root, ...options })
  return outputFiles.reduce((sum, { contents }) => sum + gzipSync(contents, { level: 9 }).length, 0)
}

test('the first load of the page is under 60 KB', () => {
  const styles = [...html.matchAll(/rel="stylesheet" href="([^"]+)"/g)].map(([, path]) => path)
  const code = ['main.js', ...imported('main.js'), ...styles].map((path) => join(web, path))
  const rest = ['index.html', 'icon.svg', 'app.webmanifest'].map((path) => gzipSync(readFileSync(join(web, path)), { level: 9 }).length)
  const bytes = compressed({ entryPoints: code }) + rest.reduce((sum, one) => sum + one, 0)

  assert.ok(bytes < 60_000, `${bytes} bytes`)
})

test('what others have written is loaded later, and is under 30 KB', () => {
  const libraries = ['oauth4webapi.js', 'marked.js'].map((name) => join(root, 'functions/publish', name))
  const bytes = compressed({ entryPoints: libraries, bundle: true, format: 'esm' })

  assert.ok(bytes < 30_000, `${bytes} bytes`)
})
