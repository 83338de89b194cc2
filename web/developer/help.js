/** How to connect from elsewhere: ten lines of code, and the contract as its OpenAPI document has it. */

/** @import {CallFailure} from '../types.js' */

import { contract } from './contract.js'
import { element } from '../element.js'
import { showFailure } from '../messages/failure.js'

const DOCUMENT = '/openapi.json'

export class Help {
  #panel = element('help', HTMLDetailsElement)
  #asked = false

  constructor() {
    element('snippet').textContent = snippet(location.origin)
    this.#panel.addEventListener('toggle', () => this.#open())
  }

  /** Few people read it: it is fetched for them only. */
  async #open() {
    if (this.#asked || !this.#panel.open) return
    this.#asked = true
    try {
      const response = await fetch(DOCUMENT)
      if (!response.ok) throw new Error(`${DOCUMENT} was answered with status ${response.status}.`)
      element('contract').replaceChildren(...contract(await response.json()))
    } catch (error) {
      this.#asked = false
      showFailure(/** @type {CallFailure} */ (error))
    }
  }
}

/** @param {string} origin */
function snippet(origin) {
  return `import { Call, relayed } from '${origin}/realtime/index.js'

const call = new Call(relayed({ url: '${origin}/session', preset: 'assistant' }))
const audio = new Audio()
call.addEventListener('stream', ({ detail }) => {
  audio.srcObject = detail
  audio.play()
})
call.addEventListener('server-event', ({ detail }) => console.log(detail.type))
await call.connect() // asks for the microphone; call.hangUp() ends it`
}
