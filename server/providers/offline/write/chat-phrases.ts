import type { Language } from '../../../contract/language.ts'

/** What the writer says, in the language in which it was spoken to. `picture` is what a command could paint. */
interface Phrases {
  introduction: string
  greeting: string
  thanks: string
  listening: string
  abilities: string
  wish(picture: string): string
  change(words: string): string
  remembered(sentences: readonly string[]): string
  question(quoted: string, picture: string | undefined): string
  task(picture: string | undefined): string
  statement(picture: string | undefined): string
}

export const chatPhrases = (language: Language): Phrases => (language === 'de' ? german : english)

const english: Phrases = {
  introduction:
    'I am Easel\u2019s offline writer: I answer by simple rules, with no language model behind me. ' +
    'I can paint with `/image \u2026`, and I can tell the colours and the brightness of pictures. ' +
    'For real conversation, put your `OPENROUTER_API_KEY` into the file `.env` and start Easel again.',
  greeting:
    'Hello! Good to have you here. Tell me what you would like to see, for example `/image a lighthouse at dusk, watercolour`.',
  thanks: 'You are welcome! Say `/image` and what should change, and I will paint another one.',
  listening: 'I am listening. Tell me a little more, or try `/image` with something you would like to see.',
  abilities: [
    'Without a language model I can do these things:',
    '',
    '- paint: `/image a fox in the snow, paper cut`. I know landscapes, seas, cities, portraits, still lifes, flowers, animals and space, many kinds of light and weather, and styles such as watercolour, oil, ink and pixel art',
    '- paint the last picture again, changed: `/image make it darker`, `/image the same with a purple sky`',
    '- look at pictures you attach and tell their colours and brightness',
    '- keep notes: `/memory \u2026`, and list the commands: `/help`',
  ].join('\n'),
  wish: (picture) => `I paint when a message begins with a command. Try:\n\n\`/image ${picture}\``,
  change: (words) =>
    `I change the last picture when a message begins with a command. Try:\n\n\`/image ${words}\``,
  remembered: (sentences) => `You told me:\n\n${sentences.map((sentence) => `- ${sentence}`).join('\n')}`,
  question: (quoted, picture) =>
    `${quoted} is a question for a language model. None is connected, and I would rather not guess.${
      picture === undefined ? '' : ` I can paint it, though: \`/image ${picture}\``
    }`,
  task: (picture) =>
    `That takes a language model, and none is connected.${
      picture === undefined
        ? ' Painting is what I can do.'
        : ` What I can do is paint it: \`/image ${picture}\``
    }`,
  statement: (picture) =>
    picture === undefined
      ? 'Without a language model I have no good answer to that. Name a place, an animal or a mood after `/image`, and I will paint it.'
      : `I will keep that in mind for the next picture. To see it now: \`/image ${picture}\``,
}

const german: Phrases = {
  introduction:
    'Ich bin der eingebaute Schreiber von Easel: Ich antworte nach einfachen Regeln, ohne Sprachmodell. ' +
    'Mit `/image \u2026` male ich, und ich kann sagen, welche Farben ein Bild hat und wie hell es ist. ' +
    'Für echte Gespräche trag deinen `OPENROUTER_API_KEY` in die Datei `.env` ein und starte Easel neu.',
  greeting:
    'Hallo! Schön, dass du da bist. Sag mir, was du sehen möchtest, zum Beispiel `/image ein Leuchtturm am Abend, Aquarell`.',
  thanks: 'Gern! Schreib `/image` und was anders werden soll, dann male ich noch eins.',
  listening: 'Ich höre. Erzähl mir mehr, oder schreib nach `/image`, was du sehen möchtest.',
  abilities: [
    'Ohne Sprachmodell kann ich dies:',
    '',
    '- malen: `/image ein Fuchs im Schnee, Aquarell`. Ich kenne Landschaften, Meere, Städte, Porträts, Stillleben, Blumen, Tiere und den Weltraum',
    '- das letzte Bild verändern: `/image mach es dunkler`',
    '- Bilder ansehen, die du anhängst, und ihre Farben und ihre Helligkeit nennen',
    '- Notizen behalten: `/memory \u2026`, und alle Befehle zeigen: `/help`',
  ].join('\n'),
  wish: (picture) =>
    `Ich male, wenn eine Nachricht mit einem Befehl beginnt. Versuch:\n\n\`/image ${picture}\``,
  change: (words) =>
    `Ich verändere das letzte Bild, wenn eine Nachricht mit einem Befehl beginnt. Versuch:\n\n\`/image ${words}\``,
  remembered: (sentences) =>
    `Du hast mir erzählt:\n\n${sentences.map((sentence) => `- ${sentence}`).join('\n')}`,
  question: (_quoted, picture) =>
    `Das ist eine Frage für ein Sprachmodell. Es ist keins verbunden, und raten möchte ich nicht.${
      picture === undefined ? '' : ` Malen kann ich es aber: \`/image ${picture}\``
    }`,
  task: (picture) =>
    `Dafür bräuchte ich ein Sprachmodell, und es ist keins verbunden.${
      picture === undefined ? ' Malen kann ich.' : ` Malen kann ich es: \`/image ${picture}\``
    }`,
  statement: (picture) =>
    picture === undefined
      ? 'Ohne Sprachmodell weiß ich darauf keine gute Antwort. Nenn mir nach `/image` einen Ort, ein Tier oder eine Stimmung, dann male ich das.'
      : `Das merke ich mir für das nächste Bild. Um es gleich zu sehen: \`/image ${picture}\``,
}
