/** The exports of the Markdown library that the page uses: `sam build` bundles only these. */

export { lexer } from 'marked'
