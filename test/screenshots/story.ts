import type { Client } from '../support/client.ts'

/** What the pictures of the page are taken of. */
export interface Story {
  anna: Client
  /** The ids of all its conversations. */
  told: ReadonlySet<string>
  /** The talk with two pictures. */
  lighthouse: string
  /** The talk of the README's picture. */
  mountain: string
  /** A talk of the month before, with a summary and a memory pad. */
  fox: string
}

/** Plays some talks worth looking at; `at` sets the clock back so many hours. */
export async function playStory(anna: Client, at: (hoursAgo: number) => void): Promise<Story> {
  const told = new Set<string>()
  const talk = async (title: string, hoursAgo: number, ...messages: string[]): Promise<string> => {
    at(hoursAgo)
    const id = await anna.conversation(title)
    told.add(id)
    for (const message of messages) {
      const { status, text } = await anna.say(id, message)
      if (status !== 200) throw new Error(`“${message}” was answered with ${status}: ${text}`)
    }
    return id
  }
  const fox = await talk(
    'A fox for the winter book',
    40 * 24,
    'I am writing a winter book for children about a fox who lives beside an old castle.',
    '/image a fox sitting in a snowy forest, watercolour --aspect 1:1',
    '/image a castle on a hill at dusk, watercolour --aspect 3:2',
    '/image tulips in a vase on a table, watercolour --aspect 2:3',
    '/summary',
  )
  const pad = 'The fox has a white tip to its tail.\nNo people in the pictures.'
  const { status, text } = await anna.patch(`/api/conversations/${fox}`, { memory_pad: pad })
  if (status !== 200) throw new Error(`the memory pad was answered with ${status}: ${text}`)
  await talk('Still lifes for the kitchen', 75, '/image pears in a bowl by a window --raw')
  await talk('A city in the rain', 52, '/image a city street in the rain at night, neon lights --raw')
  await talk('Boats of the regatta', 30, '/image sailing boats on a calm sea at noon --raw')
  await talk('Ferns and moss', 27, 'Which ferns grow in the shade of old walls?')
  const lighthouse = await talk(
    'The lighthouse in the storm',
    2,
    'We spent the evening at the lighthouse on the cliff. The storm came in just after dark, and the waves reached the rocks below the tower.',
    '/image a lighthouse on a cliff in a storm at night, oil painting --aspect 16:9',
    'What do you see in it?',
    '/image sailing boats on a calm sea at noon --aspect 3:2',
  )
  const mountain = await talk(
    'Morning in the mountains',
    0,
    '/image a watercolour painting of a mountain at sunrise --aspect 16:9',
    'What do you see in it?',
  )
  return { anna, told, lighthouse, mountain, fox }
}
