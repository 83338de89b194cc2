/** What the person and the model say, written down. */

/** @import {ReadEvent} from '../types.js' */
/** @import {Answers} from './answers.js' */
/** @import {Transcript} from './transcript.js' */

export class Speech {
  #transcript
  #answers

  /**
   * @param {Transcript} transcript
   * @param {Answers} answers
   */
  constructor(transcript, answers) {
    this.#transcript = transcript
    this.#answers = answers
  }

  /**
   * @param {ReadEvent} event
   * @param {string} id Of its item.
   */
  take(event, id) {
    const transcript = this.#transcript
    switch (event.type) {
      case 'conversation.item.input_audio_transcription.delta':
        transcript.speak(id, 'person')
        return transcript.append(id, event.delta ?? '', event.content_index)
      case 'conversation.item.input_audio_transcription.completed':
      case 'conversation.item.input_audio_transcription.failed':
        transcript.speak(id, 'person')
        transcript.write(id, event.transcript, event.content_index)
        return transcript.settle(id, event.type.endsWith('failed') ? 'failed' : 'final')
      case 'response.output_audio_transcript.delta':
      case 'response.output_text.delta':
        if (event.type === 'response.output_audio_transcript.delta') this.#answers.aloud(id)
        transcript.speak(id, 'model')
        transcript.append(id, event.delta ?? '', event.content_index)
        if (event.type === 'response.output_text.delta') transcript.change(id, { written: true })
        return this.#answers.measure(id)
      case 'response.output_audio_transcript.done':
      case 'response.output_text.done':
        transcript.speak(id, 'model')
        transcript.write(id, event.transcript ?? event.text, event.content_index)
        return this.#answers.measure(id)
    }
  }
}
