/** What the sessions let a person do. */

/** @import {Can} from '../types.js' */

/** @type {Can} */
export const NOTHING = Object.freeze({ text: false, interrupt: false })

/** @type {Can} who speaks into it is heard anyway */
export const TEXT = Object.freeze({ text: true, interrupt: false })

/** @type {Can} */
export const EVERYTHING = Object.freeze({ text: true, interrupt: true })
