import { Component, type ComponentChildren } from 'preact'

interface SafelyProps {
  /** What stands there when the children cannot be drawn. */
  fallback: ComponentChildren
  children: ComponentChildren
}

/** Keeps a fault of one part from taking the page with it. */
export class Safely extends Component<SafelyProps, { failed: boolean }> {
  static override getDerivedStateFromError(): { failed: boolean } {
    return { failed: true }
  }

  override render() {
    return this.state.failed ? this.props.fallback : this.props.children
  }
}
