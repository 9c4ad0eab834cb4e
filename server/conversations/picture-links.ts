/** What stands for one link: the picture's file name and what follows it, for example `?w=512`. */
type Rewrite = (filename: string, query: string) => string | undefined

/**
 * A text in which each link to a picture of this conversation stands as `rewrite` says; undefined leaves a
 * link as it is. Links to other servers are nobody's business.
 * @param conversationId a stored or checked id: letters, digits, - and _
 */
export function rewritePictureLinks(text: string, conversationId: string, rewrite: Rewrite): string {
  if (!text.includes(conversationId)) return text
  const link = new RegExp(
    `(?<![^\\s("'<[])/api/conversation-image/${conversationId}/([A-Za-z0-9_-]+\\.(?:png|jpg|jpeg|webp))(\\?[\\w=&]*)?`,
    'g',
  )
  return text.replace(
    link,
    (whole: string, filename: string, query: string | undefined) => rewrite(filename, query ?? '') ?? whole,
  )
}

/** The same text with its pictures in another conversation. */
export function moveLinks(
  text: string,
  from: string,
  to: string,
  nameOf: (filename: string) => string,
): string {
  return rewritePictureLinks(
    text,
    from,
    (filename, query) => `/api/conversation-image/${to}/${nameOf(filename)}${query}`,
  )
}
