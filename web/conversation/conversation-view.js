/** The conversation on the page: what is said in this call, above it the earlier ones, to be copied and saved. */

/** @import {Conversation} from '../realtime/conversation/conversation.js' */
/** @import {ConversationState} from '../types.js' */
/** @import {Composer} from './composer.js' */
/** @import {Suggestions} from './suggestions.js' */

import { jsonLines } from '../developer/event-filter.js'
import { copy } from '../copy.js'
import { element } from '../element.js'
import { save } from '../save.js'
import { takesText } from '../settings/preset.js'
import { Scroller } from './scroller.js'
import { asText } from './text.js'
import { Turns } from './turns.js'

const NOTHING_YET = 'What is said will be written here.'
const AUDIO_ONLY = 'Nothing is written down: this preset is audio only.'

export class ConversationView {
  #placeholder = element('placeholder')
  #keep = element('keep')
  #conversation
  #parts
  #turns
  #frame = 0

  /**
   * @param {Conversation} conversation
   * @param {{composer: Composer, suggestions: Suggestions, form: import('../settings/settings.js').SettingsForm,
   *   access: import('../sign-in/access.js').Access, events: import('../developer/events.js').Events}} parts
   */
  constructor(conversation, parts) {
    this.#conversation = conversation
    this.#parts = parts
    new Scroller(element('scroll'), () => this.#begun)
    this.#turns = new Turns(element('transcript'), (id, approve) => conversation.decide(id, approve))
    const copyButton = element('copy-text', HTMLButtonElement)
    copyButton.addEventListener('click', () => copy(copyButton, asText(this.#said)))
    element('save-text').addEventListener('click', () => save('conversation.txt', 'text/plain', asText(this.#said)))
    element('save-events').addEventListener('click', () => save('events.jsonl', 'application/jsonl', jsonLines(parts.events.all)))
    conversation.addEventListener('change', ({ detail: { changed } }) => {
      if (changed.includes('turns')) this.#frame ||= requestAnimationFrame(() => this.#paint())
      if (changed.includes('call') || changed.includes('can') || changed.includes('turns')) this.show()
    })
    parts.form.addEventListener('preset', () => this.show())
  }

  /** Everything but the turns. */
  show() {
    const { state, busy } = this.#conversation
    const { composer, suggestions, form, access } = this.#parts
    const { preset } = form.value
    const said = saidIn(state)
    // A suggestion that is pressed leaves the focus in the field, which must not be disabled before.
    suggestions.show(!said && (busy ? state.call === 'connected' : state.turns.length === 0) ? preset : undefined)
    composer.shown = takesText(preset) && (access.allowed || busy)
    composer.allowed = busy ? state.can.text : access.allowed
    composer.placeholder = busy ? 'Type a message' : 'Or type a message'
    this.#placeholder.textContent = state.call !== 'connected' ? '' : !preset.data_channel ? AUDIO_ONLY : NOTHING_YET
    this.#placeholder.hidden = said
    this.#keep.hidden = state.turns.length === 0
  }

  get #begun() {
    return this.#conversation.busy || this.#said.length > 0
  }

  get #said() {
    return this.#conversation.state.turns
  }

  /** At most once a frame, however many events have come. */
  #paint() {
    this.#frame = 0
    this.#turns.show(this.#said)
  }
}

/**
 * @param {ConversationState} state
 * @returns {boolean} Whether anything was said in the newest call.
 */
function saidIn({ turns }) {
  const last = turns.at(-1)
  return last !== undefined && last.speaker !== 'divider'
}
