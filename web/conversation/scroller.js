/** Keeps the end of the conversation in sight, unless the person looks at what was said before. */

/** So near to its end it is looked at. */
const NEAR_PX = 40

export class Scroller {
  #scroll
  #wanted
  #following = true
  #before = 0

  /**
   * @param {HTMLElement} scroll What scrolls.
   * @param {() => boolean} wanted Whether there is anything to follow.
   */
  constructor(scroll, wanted) {
    this.#scroll = scroll
    this.#wanted = wanted
    scroll.addEventListener('scroll', () => this.#look(), { passive: true })
    // Whatever grows, or leaves less room: what is said, an error, the dock.
    const observer = new ResizeObserver(() => this.#follow())
    for (const one of [scroll, ...scroll.children]) observer.observe(one)
  }

  focus() {
    this.#scroll.focus()
  }

  #look() {
    const { scrollHeight, scrollTop, clientHeight } = this.#scroll
    const atEnd = scrollHeight - scrollTop - clientHeight < NEAR_PX
    // What is added above or below moves the end away, and is no wish of the person's.
    if (atEnd || scrollTop < this.#before) this.#following = atEnd
    this.#before = scrollTop
  }

  #follow() {
    if (this.#following && this.#wanted()) this.#scroll.scrollTop = this.#scroll.scrollHeight
  }
}
