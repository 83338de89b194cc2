/** What a developer looks at: the events, the quality of the call, and how to connect from elsewhere. Loaded when it is opened. */

/** @import {Events} from './events.js' */
/** @import {Conversation} from '../realtime/conversation/conversation.js' */

import { element, make } from '../element.js'
import { EventLog } from './event-log.js'
import { StatisticsPanel } from './statistics.js'

export class DeveloperPanel {
  #dialog = element('developer-panel', HTMLDialogElement)
  #log
  #statistics

  /**
   * @param {Events} events
   * @param {Conversation} conversation
   */
  constructor(events, conversation) {
    this.#log = new EventLog(events)
    this.#statistics = new StatisticsPanel(conversation)
    document.head.append(stylesheet('developer/developer.css'))
    element('snippet').textContent = snippet(location.origin)
    events.addEventListener('add', () => this.#dialog.open && this.#log.add())
    this.#dialog.addEventListener('close', () => this.#statistics.stop())
  }

  /** Whenever it is opened. */
  show() {
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
