/** Keeps the end of the conversation in sight, unless the person looks at what was said before. */

/** Closer to the end than this, the person is looking at the end. */
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
    // Anything that grows or takes room: the turns, an error, the dock.
    const observer = new ResizeObserver(() => this.#follow())
    for (const one of [scroll, ...scroll.children]) observer.observe(one)
  }

  #look() {
    const { scrollHeight, scrollTop, clientHeight } = this.#scroll
    const atEnd = scrollHeight - scrollTop - clientHeight < NEAR_PX
    // What is added above or below moves the end away too, without the person scrolling.
    if (atEnd || scrollTop < this.#before) this.#following = atEnd
    this.#before = scrollTop
  }

  #follow() {
    if (this.#following && this.#wanted()) this.#scroll.scrollTop = this.#scroll.scrollHeight
  }
}
