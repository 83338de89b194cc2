import assert from 'node:assert/strict'
import { cpSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { gzipSync } from 'node:zlib'

import { buildSync } from 'esbuild'

import { bundle } from '../../functions/publish/bundle.mjs'
import { imported, root, web, withModulePreloads } from './modules.js'

const LINKED = /<(?:link|script)\b[^>]*\b(?:href|src)="([^"]+)"/g
const html = readFileSync(join(web, 'index.html'), 'utf8')

test('the page asks for all modules of its first load at once: npm run modulepreload writes the list', () => {
  assert.equal(html, withModulePreloads(html))
})

test('every module of the page is used', () => {
  const own = (name) => name.endsWith('.js') && name !== 'main.js' && !name.startsWith('realtime/')
  const modules = readdirSync(web, { recursive: true }).filter(own)

  assert.deepEqual(modules.filter((name) => !imported('main.js', { later: true }).has(name)), [])
})

/** The page as `sam build` bundles it, below a new folder: the size of each file as CloudFront sends it, and which of them it names. */
async function built(...below) {
  const temporary = mkdtempSync(join(tmpdir(), 'page-'))
  const folder = join(temporary, ...below)
  cpSync(web, folder, { recursive: true })
  const libraries = ['oauth4webapi.js', 'marked.js'].map((name) => join(root, 'functions/publish', name))
  buildSync({ bundle: true, entryPoints: libraries, format: 'esm', minify: true, outdir: join(folder, 'vendor') })
  await bundle(folder)
  const size = (path) => gzipSync(readFileSync(join(folder, path))).length
  const named = [...readFileSync(join(folder, 'index.html'), 'utf8').matchAll(LINKED)].map(([, path]) => path)
  const bundles = readdirSync(join(folder, 'assets')).map((name) => `assets/${name}`)
  const sizes = Object.fromEntries(['index.html', ...named, ...bundles].map((path) => [path, size(path)]))
  rmSync(temporary, { recursive: true })
  return { sizes, first: ['index.html', ...named] }
}

const { sizes, first } = await built()
const bytes = (paths) => paths.reduce((sum, path) => sum + sizes[path], 0)

test('the first load of the page is six requests and under 41 KB', () => {
  assert.deepEqual([first.length, bytes(first) < 41_000], [6, true], `${bytes(first)} bytes: ${first}`)
})

test('the rest is loaded later, each part by itself, and is under 33 KB', () => {
  const later = Object.keys(sizes).filter((path) => !first.includes(path))
  const names = later.map((path) => path.replace(/assets\/(.*)-\w+(?=\.)/, '$1')).sort()

  assert.deepEqual(names, [
    'chunk.js', // what the events of the live and translation APIs have in common
    'developer.css',
    'developer.js',
    'live-events.js',
    'markdown.js',
    'oauth4webapi.js',
    'sign-in.js',
    'system.js',
    'tools.js',
    'translation-events.js'
  ])
  assert.ok(bytes(later) < 33_000, `${bytes(later)} bytes`)
})

test('the names of the bundles depend on their content alone, not on the folder of the build', async () => {
  assert.deepEqual(await built('one', 'deeper'), { sizes, first })
})
