/** What a developer looks at: the events, the quality of the call, and how to connect from elsewhere. Loaded when it is opened. */

/** @import {Events} from './events.js' */
/** @import {Conversation} from '../realtime/conversation/conversation.js' */
/** @import {SettingsForm} from '../settings/settings.js' */
/** @import {Config, Preset} from '../types.js' */

import { element, make } from '../element.js'
import { EventLog } from './event-log.js'
import { StatisticsPanel } from './statistics.js'

export class DeveloperPanel {
  #dialog = element('developer-panel', HTMLDialogElement)
  #config
  #form
  #log
  #statistics

  /**
   * @param {Events} events
   * @param {Conversation} conversation
   * @param {{config: Config, form: SettingsForm}} page
   */
  constructor(events, conversation, { config, form }) {
    this.#config = config
    this.#form = form
    this.#log = new EventLog(events)
    this.#statistics = new StatisticsPanel(conversation)
    document.head.append(stylesheet('developer/developer.css'))
    events.addEventListener('add', () => this.#dialog.open && this.#log.add())
    events.addEventListener('clear', () => this.#log.show())
    this.#dialog.addEventListener('close', () => this.#dialog.open || this.#statistics.stop())
  }

  /** Whenever it is opened; it may have been closed again while this was loaded. */
  show() {
    if (!this.#dialog.open) return
    element('snippet').textContent = snippet(location.origin, this.#form.value.preset, this.#config.access)
    this.#log.show()
    this.#statistics.start()
  }
}

/** @param {string} href */
function stylesheet(href) {
  const link = make('link')
  link.rel = 'stylesheet'
  link.href = href
  return link
}

/**
 * @param {string} origin
 * @param {Preset} preset
 * @param {Config['access']} access
 */
function snippet(origin, { name, data_channel: hasChannel }, access) {
  const bearer = access === 'signed-in' ? ', bearer: () => accessToken()' : ''
  const signaling = `relayed({ url: '${origin}/session', preset: '${name}'${bearer} })`
  return `import { Call, relayed } from '${origin}/realtime/1/index.js'

const call = new Call(${signaling}${hasChannel ? '' : ', { channel: false }'})
const audio = new Audio()
call.addEventListener('stream', ({ detail }) => {
  audio.srcObject = detail
  audio.play()
})${hasChannel ? "\ncall.addEventListener('server-event', ({ detail }) => console.log(detail.type))" : ''}
await call.connect() // asks for the microphone; call.hangUp() ends it`
}
