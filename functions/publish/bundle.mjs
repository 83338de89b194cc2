/** Bundles the page for `sam build` into a few files, whose names contain a digest of their content. */

import { readFile, realpath, rm, writeFile } from 'node:fs/promises'
import { basename, join, relative, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

import { build } from 'esbuild'

const NAMES = { chunkNames: '[name]-[hash]', entryNames: '[name]-[hash]', outdir: 'assets' }
const OPTIONS = { ...NAMES, bundle: true, format: 'esm', logLevel: 'warning', metafile: true, minify: true, target: 'es2022' }

/**
 * Replace the page's modules and stylesheets by bundles below assets/, which its index.html then names.
 *
 * @param {string} folder The page, with vendor/. The package in it stays, and so does whatever is not part of a bundle.
 */
export async function bundle(folder) {
  // esbuild's digests include the paths below `web`, so they do not depend on where it is.
  const [web, bundled] = [await realpath(folder), new Set()]
  const html = await readFile(join(web, 'index.html'), 'utf8')
  const style = await stylesheet(web, bundled, Array.from(html.matchAll(/"stylesheet" href="([^"]+)"/g), ([, path]) => path))
  const { inputs } = await scripts(web, bundled, { write: false })
  const { outputs } = await scripts(web, bundled, {}, importedAtOnce(inputs, 'main.js'), importedLater(inputs))
  const [main, { imports }] = Object.entries(outputs).find(([, { entryPoint }]) => entryPoint === 'main.js')
  const chunks = imports.filter(({ kind }) => kind === 'import-statement').map(({ path }) => path)
  const link = (rel, path) => `    <link rel="${rel}" href="${path}">\n`
  const built = html
    .replace(/( *<link rel="stylesheet".*\n)+/, link('stylesheet', style))
    .replace(/( *<link rel="modulepreload".*\n)+/, chunks.map((path) => link('modulepreload', path)).join(''))
    .replace('src="main.js"', `src="${main}"`)
  await writeFile(join(web, 'index.html'), built)
  for (const path of [...bundled].filter((one) => !one.startsWith('realtime/'))) await rm(join(web, path))
}

/** Bundle stylesheets into one, which is named after the first; return its path. */
async function stylesheet(web, bundled, paths) {
  paths.forEach((path) => bundled.add(path))
  const stdin = { contents: paths.map((path) => `@import "./${path}";`).join('\n'), loader: 'css', resolveDir: web }
  const { metafile } = await build({ ...OPTIONS, absWorkingDir: web, entryNames: `${basename(paths[0], '.css')}-[hash]`, stdin })
  return Object.keys(metafile.outputs)[0]
}

/** Bundle main.js, and each module that is imported later; return esbuild's description of what it has read and written. */
async function scripts(web, bundled, options, first = [], later = []) {
  async function load({ path }) {
    bundled.add(relative(web, path))
    let contents = await readFile(path, 'utf8')
    for (const [quoted, name] of contents.matchAll(/'([\w/-]+\.css)'/g))
      contents = contents.replace(quoted, `'${await stylesheet(web, bundled, [name])}'`)
    // esbuild makes one chunk of the modules that the same entries import. So what main.js imports is one chunk, instead
    // of seven, if each entry that is imported later imports all of that: nothing is loaded by it that is not there.
    if (later.includes(relative(web, path))) contents = first.map((one) => `import ${JSON.stringify(join(web, one))}\n`).join('') + contents
    return { contents }
  }
  const page = {
    name: 'page',
    setup(all) {
      all.onResolve({ filter: /^\/vendor\// }, ({ path }) => ({ path: join(web, path) }))
      all.onResolve({ filter: /^[./]/ }, ({ path, resolveDir }) => ({ path: resolve(resolveDir, path), sideEffects: true }))
      all.onLoad({ filter: /\.js$/ }, load)
    }
  }
  const main = { absWorkingDir: web, entryPoints: ['main.js'], plugins: [page], splitting: true }
  return (await build({ ...OPTIONS, ...main, ...options })).metafile
}

/** The modules that a module imports, and that they import, without those by `import()`. */
function importedAtOnce(inputs, path, found = new Set()) {
  for (const { path: next, kind } of inputs[path].imports)
    if (kind === 'import-statement' && !found.has(next)) importedAtOnce(inputs, next, found.add(next))
  return [...found]
}

/** The page's modules that are imported by `import()`. */
function importedLater(inputs) {
  const imports = Object.values(inputs).flatMap((input) => input.imports)
  return imports.filter(({ kind, path }) => kind === 'dynamic-import' && !path.startsWith('vendor/')).map(({ path }) => path)
}

if ((await realpath(process.argv[1])) === fileURLToPath(import.meta.url)) await bundle(process.argv[2])
