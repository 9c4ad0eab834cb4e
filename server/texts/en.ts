import { slashWords } from '../contract/slash-words/en.ts'

/**
 * What the server writes in its own words where somebody talks with it: answers of commands, refusals of commands, and
 * what the commands are called to do. Markdown. A translation is a file beside this one with the same keys.
 */
export const en = {
  slash: slashWords,

  /** A conversation without a title. */
  untitled: 'New conversation',

  commands: {
    image: {
      usage: '/image <prompt> [--aspect 16:9] [--n 1-4] [--model id] [--raw]',
      summary: 'Paint a picture, with the talk in mind.',
      options: {
        model: 'the id of an image model',
        aspect: 'the shape of the picture',
        n: 'how many pictures',
        raw: 'use my words exactly, without refinement',
      },
    },
    help: { usage: '/help [command]', summary: 'List the commands, or explain one.', options: {} },
    title: {
      usage: '/title [new title]',
      summary: 'Name this conversation, or have it named.',
      options: {},
    },
    summary: { usage: '/summary', summary: 'Write down what was said so far, and show it.', options: {} },
    memory: {
      usage: '/memory <note>',
      summary: 'Keep a note in mind here, or show the pad.',
      options: {},
    },
    model: {
      usage: '/model [id]',
      summary: 'Choose the model that answers, or list them.',
      options: {},
    },
    retry: {
      usage: '/retry',
      summary: 'Answer once more; the earlier answer stays.',
      options: {},
    },
  },

  refusals: {
    empty: 'The message is empty. Write something to send.',
    noPrompt: 'Say what to paint, for example: /image a lighthouse at dusk.',
    promptTooLong: (most: number, given: number) =>
      `An image prompt takes at most ${most} characters; this one has ${given}.`,
    noteTooLong: (most: number, given: number) =>
      `A note takes at most ${most} characters; this one has ${given}.`,
    titleTooLong: (most: number, given: number) =>
      `A title takes at most ${most} characters; this one has ${given}.`,
    atMost: (most: number) => `at most ${most} characters`,
    padFull: (most: number) => `The memory pad is full (${most} characters). Remove a note first.`,
    takesNothing: (name: string) =>
      `/${name} takes nothing after it. Send it alone, or say what you want without the command.`,
    nothingToRetry: 'There is no answer yet that could be tried again.',
  },

  answers: {
    titled: (title: string) => `This conversation is now called **${title}**.`,
    nothingToSumUp: 'There is nothing to sum up yet.',
    padEmpty: 'The memory pad is empty. Add a note with `/memory <note>`.',
    padSays: (pad: string) => `The memory pad says:\n\n${pad}`,
    noted: (note: string) => `Noted: ${note}`,
    modelChosen: (name: string, id: string) => `**${name}** (\`${id}\`) answers from now on.`,
    modelSees: ', sees pictures',
    modelAnswers: ' **(answers now)**',
    helpCommand: 'command',
    helpDoes: 'what it does',
    helpRest:
      'Everything else you write is answered by the chat model. Begin with `//` to send a text that starts with a slash.',
    noCommand: (name: string, near: string | undefined) =>
      `There is no command \`/${name}\`.${near ? ` Did you mean \`/${near}\`?` : ''} \`/help\` lists them all.`,
    also: (aliases: string) => `Also: ${aliases}.`,
    takes: (values: string) => ` Takes ${values}.`,
  },
}
