const schemes = new Set(['http:', 'https:', 'mailto:'])

/** The address of a link that may be followed, or undefined: only http, https and mailto are. */
export function safeLink(href: string): string | undefined {
  if (!URL.canParse(href)) return undefined
  return schemes.has(new URL(href).protocol) ? href : undefined
}

/** True for a picture of this conversation, served by Easel itself. */
export function isOwnPicture(href: string, conversationId: string | undefined): boolean {
  const match = /^\/api\/conversation-image\/([\w-]{16,64})\/[\w-]+\.(?:png|jpg|jpeg|webp)$/.exec(href)
  return match !== null && match[1] === conversationId
}
