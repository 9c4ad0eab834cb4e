const sentence =
  'The lamp turns once in twelve seconds, and between two flashes the water is as dark as slate; whoever rows out ' +
  'at night counts along, because the **count** is the only map there is. '
const chapter = [
  '## What the keeper wrote\n\n',
  sentence.repeat(4) + '\n\n',
  sentence.repeat(3) + 'See `lamp.turns` and [the almanac](https://example.org/almanac).\n\n',
  '- copper light on the *granite* steps\n- two sails, far out\n  - one of them torn\n- gulls, and nobody else\n\n',
  sentence.repeat(5) + '\n\n',
  '```ts\nexport function flash(lamp: Lamp, at: number): boolean {\n  // Once in twelve seconds.\n' +
    '  return lamp.lit && at % 12 === 0\n}\n```\n\n',
  '> ' + sentence.repeat(2) + '\n\n',
  '| night | flashes | wind |\n| --- | ---: | --- |\n| Monday | 3,600 | west |\n| Tuesday | 3,541 | south-west |\n\n',
  '1. Wind the clockwork.\n2. Trim the wick.\n3. Write down the hour.\n\n',
  sentence.repeat(4) + 'The reach is $d = \\sqrt{2 r h}$ at sea level.\n\n',
].join('')

/** Markdown of so many words (about six bytes each), with everything in it that models write. */
export function writeAnswer(words: number): string {
  const chapters = chapter.repeat(Math.ceil(words / chapter.split(/\s+/).length)).split(/(?<=\s)/)
  let left = words
  const end = chapters.findIndex((piece) => (left -= piece.trim() === '' ? 0 : 1) < 0)
  return chapters.slice(0, end === -1 ? undefined : end).join('')
}
