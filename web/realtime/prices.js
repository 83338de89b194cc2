/**
 * What the tokens of OpenAI's models cost, in US dollars per million; for estimates only. Each model's numbers are from its
 * own page below the source. A model that is not listed has no estimate.
 */

/**
 * What OpenAI's models cost, by the name of the model.
 *
 * @type {import('./types.js').Prices}
 */
export const PRICES = {
  date: '2026-11-25',
  source: 'https://developers.openai.com/api/docs/models',
  models: {
    'gpt-realtime-2.1': {
      text: { input: 4, cached: 0.4, output: 24 },
      audio: { input: 32, cached: 0.4, output: 64 },
      image: { input: 5, cached: 0.5 }
    },
    'gpt-realtime-2.1-mini': {
      text: { input: 0.6, cached: 0.06, output: 2.4 },
      audio: { input: 10, cached: 0.3, output: 20 },
      image: { input: 0.8, cached: 0.08 }
    },
    'gpt-realtime-2': {
      text: { input: 4, cached: 0.4, output: 24 },
      audio: { input: 32, cached: 0.4, output: 64 },
      image: { input: 5, cached: 0.5 }
    },
    'gpt-realtime-1.5': {
      text: { input: 4, cached: 0.4, output: 16 },
      audio: { input: 32, cached: 0.4, output: 64 },
      image: { input: 5, cached: 0.5 }
    }
  }
}
