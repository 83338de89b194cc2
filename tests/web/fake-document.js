/** As much of a document as React DOM needs to mount elements; nothing is drawn. */

class FakeElement extends EventTarget {
  namespaceURI = 'http://www.w3.org/1999/xhtml'
  childNodes = []
  style = {}

  constructor(name, nodeType = 1) {
    super()
    Object.assign(this, { nodeName: name.toUpperCase(), tagName: name.toUpperCase(), nodeType, ownerDocument: globalThis.document })
  }

  appendChild(child) {
    this.childNodes.push(child)
    return child
  }

  insertBefore(child, before) {
    this.childNodes.splice(this.childNodes.indexOf(before), 0, child)
    return child
  }

  removeChild(child) {
    this.childNodes = this.childNodes.filter((one) => one !== child)
    return child
  }

  setAttribute() {}
}

/** An `<audio>` of a browser that plays whatever it is given. */
class FakeAudio extends FakeElement {
  srcObject = null
  played = 0

  async play() {
    this.played += 1
  }
}

const document = new FakeElement('#document', 9)
Object.assign(document, { defaultView: globalThis, activeElement: null, createElement: (name) => new (name === 'audio' ? FakeAudio : FakeElement)(name) })
Object.assign(globalThis, { document, window: globalThis, HTMLIFrameElement: class {}, IS_REACT_ACT_ENVIRONMENT: true })

export const newContainer = () => new FakeElement('div')
