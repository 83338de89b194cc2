/** What can be done in a call of a preset. Pure functions. */

/** @import {Preset} from '../types.js' */

/**
 * @param {Preset} preset
 * @returns {boolean} Whether the person can type in its calls.
 */
export function takesText({ data_channel: channel, type }) {
  return channel && type === 'realtime'
}

/**
 * @param {Preset} preset
 * @returns {boolean} Whether an ephemeral key is given for it.
 */
export function isMintable({ locked, type }) {
  return !locked && type !== 'live'
}
