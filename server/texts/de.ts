import { slashWords } from '../contract/slash-words/de.ts'
import type { Words } from './words.ts'

/** German. A key that is missing here does not compile. */
export const de: Words = {
  slash: slashWords,

  untitled: 'Neues Gespräch',

  commands: {
    image: {
      usage: '/image <Prompt> [--aspect 16:9] [--n 1-4] [--model Kennung] [--raw]',
      summary: 'Ein Bild malen, mit dem Gespräch im Sinn.',
      options: {
        model: 'die Kennung eines Modells, das malt',
        aspect: 'die Form des Bildes',
        n: 'wie viele Bilder',
        raw: 'genau meine Worte nehmen, ohne sie zu verfeinern',
      },
    },
    help: { usage: '/help [Befehl]', summary: 'Die Befehle zeigen, oder einen erklären.', options: {} },
    title: {
      usage: '/title [neuer Titel]',
      summary: 'Das Gespräch benennen, oder benennen lassen.',
      options: {},
    },
    summary: { usage: '/summary', summary: 'Das Gesagte zusammenfassen und zeigen.', options: {} },
    memory: {
      usage: '/memory <Notiz>',
      summary: 'Eine Notiz merken, oder den Merkzettel zeigen.',
      options: {},
    },
    model: {
      usage: '/model [Kennung]',
      summary: 'Das antwortende Modell wählen, oder alle zeigen.',
      options: {},
    },
    retry: {
      usage: '/retry',
      summary: 'Noch einmal antworten; die frühere Antwort bleibt.',
      options: {},
    },
  },

  refusals: {
    empty: 'Die Nachricht ist leer. Schreib etwas, das gesendet werden kann.',
    noPrompt: 'Sag, was gemalt werden soll, zum Beispiel: /image ein Leuchtturm in der Dämmerung.',
    promptTooLong: (most, given) =>
      `Ein Prompt für Bilder nimmt höchstens ${most} Zeichen; dieser hat ${given}.`,
    noteTooLong: (most, given) => `Eine Notiz nimmt höchstens ${most} Zeichen; diese hat ${given}.`,
    titleTooLong: (most, given) => `Ein Titel nimmt höchstens ${most} Zeichen; dieser hat ${given}.`,
    atMost: (most) => `höchstens ${most} Zeichen`,
    padFull: (most) => `Der Merkzettel ist voll (${most} Zeichen). Streich zuerst eine Notiz.`,
    takesNothing: (name) =>
      `Nach /${name} kommt nichts mehr. Sende es allein, oder sag ohne den Befehl, was du möchtest.`,
    nothingToRetry: 'Es gibt noch keine Antwort, die noch einmal versucht werden könnte.',
  },

  answers: {
    titled: (title) => `Dieses Gespräch heißt jetzt **${title}**.`,
    nothingToSumUp: 'Noch gibt es nichts zusammenzufassen.',
    padEmpty: 'Der Merkzettel ist leer. Mit `/memory <Notiz>` kommt etwas darauf.',
    padSays: (pad) => `Auf dem Merkzettel steht:\n\n${pad}`,
    noted: (note) => `Gemerkt: ${note}`,
    modelChosen: (name, id) => `Ab jetzt antwortet **${name}** (\`${id}\`).`,
    modelSees: ', sieht Bilder',
    modelAnswers: ' **(antwortet gerade)**',
    helpCommand: 'Befehl',
    helpDoes: 'was er tut',
    helpRest:
      'Auf alles andere, was du schreibst, antwortet das Modell. Ein Text, der mit einem Schrägstrich anfangen soll, beginnt mit `//`.',
    noCommand: (name, near) =>
      `Den Befehl \`/${name}\` gibt es nicht.${near ? ` Meinst du \`/${near}\`?` : ''} \`/help\` zeigt alle.`,
    also: (aliases) => `Auch: ${aliases}.`,
    takes: (values) => ` Möglich ist ${values}.`,
  },
}
