/** The sentences of a text, without line breaks and blanks round them. */
export function sentencesOf(text: string): string[] {
  return text
    .split(/(?<=[.!?\u2026])\s+|\n+/)
    .map((sentence) => sentence.replace(/\s+/g, ' ').trim())
    .filter((sentence) => sentence !== '')
}

/** The first sentence, cut at a word's end to at most `limit` characters; empty for an empty text. */
export function firstSentence(text: string, limit: number): string {
  return shortened(sentencesOf(text)[0] ?? '', limit)
}

/** A text of at most `limit` characters, cut at a word's end and marked with an ellipsis. */
export function shortened(text: string, limit: number): string {
  if (text.length <= limit) return text
  const cut = text.slice(0, limit - 1)
  return `${cut.slice(0, Math.max(cut.lastIndexOf(' '), limit >> 1)).replace(/[\s,;:.-]+$/, '')}\u2026`
}

/** Ends a text as a sentence. */
export function ended(text: string): string {
  return /[.!?\u2026]$/.test(text) ? text : `${text}.`
}

export function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}

const emptyWords: ReadonlySet<string> = new Set(
  `a about above after again all also am an and any are as at be because been before being below between both but by can could did do does
  doing down during each even every few for from further had has have having he her here hers him his how i if in into is it its just let like
  make me more most much must my no nor not now of off on once one only or other our out over own please really same say see she should
  show so some such tell than thank thanks that the their them then there these they thing things think this those through to too under
  until up us very want was we were what when where which while who whom why will with would yes you your paint draw painting drawing
  picture image photo generate create imagine command ich du er sie es wir ihr mir dir ist sind war der die das den dem ein eine einen einem und oder
  nicht mit auf für bei von wie was wer wo warum des im in an am zu zum zur aus nach über unter vor hinter es mich dich uns euch ihn ihm ihnen
  sein seine sind wird werden hat haben habe kann kannst kein keine doch noch auch nur dass wenn dann hier dort sehr mal bitte malen zeichne
  zeichnen bild bilder foto mach mache machen zeig zeige welche welcher welches danke hallo ja nein mehr etwas viel
  darauf dunkler heller bisher`.split(/\s+/),
)

/** The first few words that carry a text's meaning, spelled as they stand there. */
export function topicWords(text: string, limit: number): string[] {
  return meaningfulWords(text)
    .slice(0, limit)
    .map((word) => {
      const at = text.toLowerCase().indexOf(word)
      return at < 0 ? word : text.slice(at, at + word.length)
    })
}

/** The words of a text that carry its meaning, lower case, each once, in order. */
export function meaningfulWords(text: string): string[] {
  const words = text.toLowerCase().match(/[\p{L}\p{N}][\p{L}\p{N}'\u2019-]*/gu) ?? []
  const kept = words
    .map((word) => word.replace(/['\u2019]s$/, ''))
    .filter((word) => (word.length > 2 || /[^a-z]/.test(word)) && !emptyWords.has(word))
  return [...new Set(kept)]
}

/** The word without the usual endings, so that "boats" meets "boat". */
export function stem(word: string): string {
  const bare = word.length > 3 ? word.replace(/(ies|y)$/, 'i').replace(/(ing|ed|es|s)$/, '') : word
  return bare.replace(/e$/, '')
}

/** Takes the command or the polite beginning off a wish: "/image please draw me a fox" is "a fox". */
export function withoutAsking(text: string): string {
  return text
    .replace(/^\s*\/\w+\s*/, '')
    .replace(/(^|\s)--[a-z-]+(=|\s+)?[^\s-]*/g, ' ')
    .replace(
      /^\s*(please\s+|hey,?\s+|hi,?\s+)*((can|could|would) you\s+)?(please\s+)?((draw|paint|create|generate|make|show|give|imagine|sketch)\s+(me\s+|us\s+)?(?=an?\s|the\s|some\s|my\s|our\s))?/i,
      '',
    )
    .replace(
      /^\s*(bitte\s+)?(kannst du\s+(bitte\s+)?)?(mir\s+)?((male|zeichne|mal|zeig)e?\s+)?(mir\s+|uns\s+)?(bitte\s+)?(?=ein(e|en)?\s|den\s|das\s)/i,
      '',
    )
    .replace(/^(an?\s+|the\s+)?(image|picture|photo|illustration)\s+(of|showing)\s+/i, '')
    .replace(/\s+/g, ' ')
    .trim()
}

/** What somebody tells of: "I am planning a story about a fox" is "a fox". */
export function withoutTelling(text: string): string {
  return text.replace(
    /^(i|we)(['\u2019](m|re|ve)| am| are| have| was| were)?\s(just |currently )?[a-z]+(ing|ed|e)?\s[^.!?]*?\b(about|of)\s+(?=an?\s|the\s|my\s|our\s)/i,
    '',
  )
}
