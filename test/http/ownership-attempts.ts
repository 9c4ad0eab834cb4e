/** The ids of what one person has. */
export interface Things {
  conversation: string
  /** The user's first message, and the model's answer to it. */
  message: string
  answer: string
  turn: string
  image: string
  filename: string
  upload: string
  /** A word of the title, of the messages and of the prompts. */
  word: string
}

/** One request that names somebody's things. */
export interface Attempt {
  path: string
  body?: unknown
  headers?: Record<string, string>
  /** What a stranger gets: 404, but for lists, which answer as if the thing did not exist. */
  status?: number
}

/**
 * How each route can be asked for things that are not one's own: `theirs` in every place that takes an id, with `mine`
 * in the others. A route that names nobody's things has an empty list. A new route needs a line here.
 */
export const attempts: Readonly<Record<string, (theirs: Things, mine: Things) => Attempt[]>> = {
  'get /healthz': () => [],
  'get /readyz': () => [],
  'get /api/openapi.json': () => [],
  'get /api/docs': () => [],
  'get /api/docs/:file': (theirs) => [{ path: `/api/docs/${theirs.filename}` }],
  'get /api/auth/registration': () => [],
  'post /api/auth/register': () => [],
  'post /api/auth/login': () => [],
  'post /api/auth/logout': () => [],
  'get /api/auth/me': () => [],
  'post /api/auth/password': () => [],
  'post /api/invites': () => [],
  'get /api/commands': () => [],
  'get /api/models': () => [],
  'get /api/usage': () => [],
  'get /api/usage/history': () => [],

  'post /api/uploads': () => [],
  'post /api/conversations': () => [],
  'post /api/conversations/import': () => [],

  'get /api/conversations': (theirs) => [
    { path: '/api/conversations', status: 200 },
    { path: '/api/conversations?archived=true', status: 200 },
    { path: `/api/conversations?q=${theirs.word}`, status: 200 },
    { path: `/api/conversations?q=${theirs.conversation}`, status: 200 },
  ],
  'get /api/conversations/:conv_id': (theirs) => [{ path: `/api/conversations/${theirs.conversation}` }],
  'patch /api/conversations/:conv_id': (theirs, mine) => [
    { path: `/api/conversations/${theirs.conversation}`, body: { title: 'taken over' } },
    { path: `/api/conversations/${theirs.conversation}`, body: { active_message_id: theirs.message } },
    { path: `/api/conversations/${mine.conversation}`, body: { active_message_id: theirs.message } },
  ],
  'delete /api/conversations/:conv_id': (theirs) => [{ path: `/api/conversations/${theirs.conversation}` }],
  'get /api/conversations/:conv_id/messages': (theirs, mine) => [
    { path: `/api/conversations/${theirs.conversation}/messages` },
    { path: `/api/conversations/${theirs.conversation}/messages?before=${theirs.answer}&limit=200` },
    { path: `/api/conversations/${mine.conversation}/messages?before=${theirs.answer}`, status: 400 },
    { path: `/api/conversations/${theirs.conversation}/messages?around=${theirs.answer}` },
    { path: `/api/conversations/${mine.conversation}/messages?around=${theirs.answer}` },
    { path: `/api/conversations/${mine.conversation}/messages?after=${theirs.answer}`, status: 400 },
  ],
  'patch /api/conversations/:conv_id/messages/:message_id': (theirs, mine) =>
    [
      [theirs.conversation, theirs.message],
      [mine.conversation, theirs.message],
      [theirs.conversation, mine.message],
    ].map(([conversation, message]) => ({
      path: `/api/conversations/${conversation}/messages/${message}`,
      body: { text: 'put into the mouth' },
    })),
  'delete /api/conversations/:conv_id/messages/:message_id': (theirs, mine) =>
    [
      [theirs.conversation, theirs.message],
      [mine.conversation, theirs.message],
      [theirs.conversation, mine.message],
    ].map(([conversation, message]) => ({ path: `/api/conversations/${conversation}/messages/${message}` })),
  'post /api/conversations/:conv_id/fork': (theirs, mine) => [
    { path: `/api/conversations/${theirs.conversation}/fork`, body: { message_id: theirs.answer } },
    { path: `/api/conversations/${mine.conversation}/fork`, body: { message_id: theirs.answer } },
    { path: `/api/conversations/${theirs.conversation}/fork`, body: { message_id: mine.answer } },
  ],
  'post /api/conversations/:conv_id/images': (theirs, mine) => [
    { path: `/api/conversations/${theirs.conversation}/images`, body: { image_id: theirs.image } },
    { path: `/api/conversations/${mine.conversation}/images`, body: { image_id: theirs.image } },
    { path: `/api/conversations/${mine.conversation}/images`, body: { image_id: theirs.upload } },
    { path: `/api/conversations/${theirs.conversation}/images`, body: { image_id: mine.image } },
  ],

  'get /api/conversations/:conv_id/export': (theirs) => [
    { path: `/api/conversations/${theirs.conversation}/export` },
    { path: `/api/conversations/${theirs.conversation}/export?format=markdown` },
  ],

  'post /send_message/:conv_id': (theirs, mine) => {
    const own = `/send_message/${mine.conversation}`
    return [
      { path: `/send_message/${theirs.conversation}`, body: { messageText: 'hello' } },
      { path: `/send_message/${theirs.conversation}`, body: { messageText: '/retry' } },
      {
        path: `/send_message/${theirs.conversation}`,
        body: { messageText: 'a stranger with the same key' },
        headers: { 'idempotency-key': `key-${theirs.conversation}` },
      },
      { path: own, body: { messageText: 'go on', parent_id: theirs.answer } },
      { path: own, body: { messageText: '/image go on', parent_id: theirs.answer } },
      { path: own, body: { messageText: 'look', attachments: [theirs.upload] } },
      { path: own, body: { messageText: 'look', attachments: [mine.upload, theirs.image] } },
      { path: own, body: { messageText: 'look', image_context: { pin: [theirs.image] } } },
      { path: own, body: { messageText: 'look', image_context: { drop: [theirs.upload] } } },
      { path: own, body: { messageText: '/image darker', image_options: { edit: theirs.image } } },
      { path: own, body: { messageText: 'darker', image_options: { edit: theirs.upload } } },
    ]
  },
  'get /api/turns/:turn_id': (theirs) => [{ path: `/api/turns/${theirs.turn}` }],
  'get /api/turns/:turn_id/events': (theirs) => [
    { path: `/api/turns/${theirs.turn}/events` },
    { path: `/api/turns/${theirs.turn}/events`, headers: { 'last-event-id': '1' } },
  ],
  'post /api/turns/:turn_id/cancel': (theirs) => [{ path: `/api/turns/${theirs.turn}/cancel` }],
  'post /api/turns/:turn_id/retry': (theirs) => [{ path: `/api/turns/${theirs.turn}/retry` }],

  'get /api/conversation-image/:conv_id/:filename': (theirs, mine) =>
    [
      [theirs.conversation, theirs.filename],
      [mine.conversation, theirs.filename],
      [theirs.conversation, mine.filename],
    ].flatMap(([conversation, filename]) =>
      ['', '?w=256', '?download=1'].map((query) => ({
        path: `/api/conversation-image/${conversation}/${filename}${query}`,
      })),
    ),
  'get /api/images/:id/file': (theirs) =>
    [theirs.upload, theirs.image].flatMap((id) =>
      ['', '?w=512', '?download=1'].map((query) => ({ path: `/api/images/${id}/file${query}` })),
    ),
  'get /api/images': (theirs) => [
    { path: '/api/images', status: 200 },
    { path: `/api/images?conversation_id=${theirs.conversation}`, status: 200 },
    { path: `/api/images?q=${theirs.word}`, status: 200 },
  ],
  'get /api/images/:id': (theirs) => [
    { path: `/api/images/${theirs.image}` },
    { path: `/api/images/${theirs.upload}` },
  ],
  'patch /api/images/:id': (theirs) => [
    { path: `/api/images/${theirs.image}`, body: { starred: true, alt: 'overwritten' } },
    { path: `/api/images/${theirs.upload}`, body: { kept: true } },
  ],
  'delete /api/images/:id': (theirs) => [
    { path: `/api/images/${theirs.image}` },
    { path: `/api/images/${theirs.upload}` },
  ],
  'post /api/images/export': (theirs, mine) => [
    { path: '/api/images/export', body: { ids: [theirs.image] } },
    { path: '/api/images/export', body: { ids: [mine.image, theirs.image] } },
  ],
  'post /api/generate-image': (theirs) => [
    {
      path: '/api/generate-image',
      body: {
        prompt: 'a fox',
        conversation_id: theirs.conversation,
        include_messages: true,
        include_summary: true,
        include_memory_pad: true,
        deep_context: true,
      },
    },
    { path: '/api/generate-image', body: { prompt: 'a fox', input_images: [theirs.image] } },
    { path: '/api/generate-image', body: { prompt: 'a fox', input_images: [theirs.upload] } },
  ],
}
