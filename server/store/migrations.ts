/**
 * The schema's history: numbered, append-only, each with its own row in `migrations`, both in one
 * transaction, so a killed migration simply runs again. Times are milliseconds since 1970, money is
 * micro-dollars, flags are 0 and 1, JSON is text.
 */
export const migrations: readonly { id: number; name: string; sql: string }[] = [
  {
    id: 1,
    name: 'talk and paint',
    sql: `
create table users (
  id text primary key,
  username text not null,
  username_key text not null unique,
  display_name text not null,
  password_hash text not null,
  role text not null check (role in ('admin', 'user')),
  tier text not null,
  disabled_at integer,
  created_at integer not null
);

create table sessions (
  id_hash text primary key,
  user_id text references users (id) on delete cascade,
  data text not null,
  created_at integer not null,
  touched_at integer not null,
  expires_at integer not null
);
create index sessions_by_user on sessions (user_id);
create index sessions_by_expiry on sessions (expires_at);

create table invites (
  token_hash text primary key,
  created_by text not null references users (id),
  created_at integer not null,
  expires_at integer not null,
  used_by text references users (id),
  used_at integer
);

create table conversations (
  id text primary key,
  user_id text not null references users (id),
  title text not null,
  titled_by text not null check (titled_by in ('nobody', 'model', 'user')),
  summary text not null default '',
  memory_pad text not null default '',
  chat_model text,
  settings text not null default '{}',
  active_message_id text,
  pinned integer not null default 0,
  archived integer not null default 0,
  message_count integer not null default 0,
  image_count integer not null default 0,
  created_at integer not null,
  updated_at integer not null
);
create index conversations_by_activity on conversations (user_id, archived, updated_at, id);

-- Messages form a tree; \`seq\` is the order of arrival over all conversations and the key of the word index.
create table messages (
  seq integer primary key,
  id text not null unique,
  conversation_id text not null references conversations (id) on delete cascade,
  parent_id text,
  turn_id text,
  sender text not null check (sender in ('user', 'model')),
  kind text not null,
  text text not null,
  model text,
  state text not null check (state in ('complete', 'streaming', 'failed', 'cancelled', 'interrupted')),
  warning text,
  error text,
  cost_micro integer,
  -- What the path from the root to here says, when a summary was written at this message.
  summary text,
  -- 1 once the word index holds the text.
  indexed integer not null default 0,
  created_at integer not null
);
create index messages_by_parent on messages (conversation_id, parent_id, seq);
create index messages_unindexed on messages (seq) where indexed = 0;
create index messages_by_turn on messages (turn_id);

create table turns (
  id text primary key,
  conversation_id text not null references conversations (id) on delete cascade,
  user_id text not null references users (id),
  user_message_id text not null,
  model_message_id text not null,
  kind text not null,
  state text not null check (state in ('running', 'complete', 'failed', 'cancelled', 'interrupted')),
  stage text,
  percent integer not null default 0,
  label text,
  -- What the turn was asked to do, enough to do it again.
  request text not null,
  error text,
  -- The process that runs it; its lock file tells whether it still lives.
  owner text not null,
  cancel_requested integer not null default 0,
  created_at integer not null,
  finished_at integer
);
create unique index turns_one_running on turns (conversation_id) where state = 'running';
create index turns_running on turns (owner) where state = 'running';

-- A turn's stream as it was sent, in pieces; kept for a day.
create table turn_events (
  turn_id text not null references turns (id) on delete cascade,
  first_id integer not null,
  last_id integer not null,
  body text not null,
  created_at integer not null,
  primary key (turn_id, first_id)
);
create index turn_events_by_age on turn_events (created_at);

-- The ledger: one row a paid call, written before the call and settled after it.
create table generations (
  id text primary key,
  user_id text not null references users (id),
  conversation_id text,
  turn_id text,
  kind text not null,
  provider text not null,
  model text not null,
  state text not null check (state in
    ('reserved', 'running', 'received', 'stored', 'complete', 'failed', 'cancelled', 'interrupted')),
  -- Which of the turn's pictures this is, from 0.
  position integer not null default 0,
  reserved_micro integer not null default 0,
  -- What the user is charged, and what the operator bears all the same.
  cost_micro integer not null default 0,
  operator_micro integer not null default 0,
  prompt_tokens integer not null default 0,
  completion_tokens integer not null default 0,
  upstream_id text,
  -- From \`received\` on: where the picture lies and what it is, enough to finish after a crash.
  received text,
  error_code text,
  owner text not null,
  created_at integer not null,
  started_at integer,
  finished_at integer
);
create index generations_by_user on generations (user_id, created_at);
create index generations_by_turn on generations (turn_id);
create index generations_open on generations (owner) where state in ('reserved', 'running', 'received');
create index generations_by_speed on generations (kind, model, finished_at) where state in ('stored', 'complete');

-- \`seq\` is the key of the word index; \`indexed\` is 1 once that holds the picture's words.
create table images (
  seq integer primary key,
  id text not null unique,
  indexed integer not null default 0,
  user_id text not null references users (id),
  -- Null where it stands in no conversation: an upload, or a kept picture of the dialog.
  conversation_id text references conversations (id) on delete cascade,
  message_id text,
  turn_id text,
  generation_id text,
  number integer,
  -- Relative to the storage folder.
  path text not null,
  filename text not null,
  mime text not null,
  sha256 text not null,
  width integer not null,
  height integer not null,
  bytes integer not null,
  thumbhash text,
  alt text not null,
  caption text not null default '',
  description text not null default '',
  described integer not null default 0,
  source text not null check (source in ('command', 'auto', 'edit', 'batch', 'upload', 'api')),
  raw_prompt text not null default '',
  refined_prompt text,
  revised_prompt text,
  refine_fallback integer not null default 0,
  context text,
  parameters text not null default '{}',
  model text,
  provider text,
  parent_id text,
  duration_ms integer,
  cost_micro integer not null default 0,
  starred integer not null default 0,
  -- When an unused upload or an unkept picture of the dialog goes; null: it stays.
  expires_at integer,
  created_at integer not null
);
create index images_by_user on images (user_id, created_at, id);
create index images_by_conversation on images (conversation_id, created_at, id);
create index images_by_file on images (path);
create index images_by_message on images (message_id);
create index images_by_parent on images (parent_id);
create index images_by_expiry on images (expires_at) where expires_at is not null;
create index images_undescribed on images (created_at) where described = 0;
create index images_unindexed on images (seq) where indexed = 0;

-- Which pictures the user put on which message.
create table attachments (
  message_id text not null,
  image_id text not null references images (id) on delete cascade,
  position integer not null,
  primary key (message_id, position)
);
create index attachments_by_image on attachments (image_id);

-- An upload goes with the last message that showed it: at once expired, and removed with its file by the janitor.
create trigger attachment_gone after delete on attachments begin
  update images set expires_at = 0
  where id = old.image_id and source = 'upload' and conversation_id is null
    and not exists (select 1 from attachments where image_id = old.image_id);
end;

create table idempotency (
  user_id text not null references users (id),
  key text not null,
  body_hash text not null,
  turn_id text,
  -- Of an answer that is no turn's: its status and body, once it is known.
  status integer,
  answer text,
  owner text not null,
  created_at integer not null,
  primary key (user_id, key)
);
create index idempotency_by_age on idempotency (created_at);

create table rate_ticks (
  id integer primary key,
  bucket text not null,
  at integer not null
);
create index rate_ticks_by_bucket on rate_ticks (bucket, at);

-- Words of messages and pictures. \`scope\` holds the user's and the conversation's id as one word each, so
-- that a search never walks through a stranger's hits.
create virtual table message_words using fts5 (scope, text, tokenize = 'unicode61 remove_diacritics 2');
create virtual table image_words using fts5 (scope, text, tokenize = 'unicode61 remove_diacritics 2');
`,
  },
  {
    id: 2,
    name: 'a kept picture appears once',
    sql: `
-- The copies that stand in conversations of what the dialog painted: the gallery leaves out what has one.
create index images_inserted on images (user_id, sha256) where source = 'api' and conversation_id is not null;
`,
  },
  {
    id: 3,
    name: 'conversations come and go in pieces',
    sql: `
-- The process that is writing a conversation, or removing it, piece by piece; nobody sees it meanwhile.
alter table conversations add column hidden_by text;
create index conversations_hidden on conversations (hidden_by) where hidden_by is not null;
`,
  },
  {
    id: 4,
    name: 'what each day cost',
    sql: `
-- Sums of the ledger, so that asking what was used costs the days that are asked for, whatever the ledger holds.
-- \`day\` counts days since 1970 (UTC), by when the call was reserved.
create table usage_days (
  user_id text not null references users (id),
  day integer not null,
  kind text not null,
  -- Calls that brought something, and what the user was charged.
  calls integer not null,
  cost_micro integer not null,
  primary key (user_id, day, kind)
) without rowid;

insert into usage_days (user_id, day, kind, calls, cost_micro)
  select user_id, created_at / 86400000, kind, sum(state in ('stored', 'complete')), sum(cost_micro)
  from generations where state not in ('reserved', 'running', 'received')
  group by user_id, created_at / 86400000, kind;

-- Each call is settled once, so it is counted once.
create trigger generation_settled after update of state on generations
  when old.state in ('reserved', 'running', 'received') and new.state not in ('reserved', 'running', 'received')
begin
  insert into usage_days (user_id, day, kind, calls, cost_micro)
    values (new.user_id, new.created_at / 86400000, new.kind, new.state in ('stored', 'complete'), new.cost_micro)
    on conflict (user_id, day, kind)
    do update set calls = calls + excluded.calls, cost_micro = cost_micro + excluded.cost_micro;
end;

create index generations_open_by_user on generations (user_id, kind)
  where state in ('reserved', 'running', 'received');
`,
  },
  {
    id: 5,
    name: 'fewer pages a turn',
    sql: `
-- Each index that a turn touches costs it a page or two to write, twice: to the log and back. What runs, or is
-- open, is little: one partial index of it does for every question.
drop index turns_running;
drop index generations_open;
drop index messages_by_turn;
drop index generations_by_speed;
create index generations_by_speed on generations (model, finished_at)
  where kind = 'image' and state in ('stored', 'complete');
`,
  },
  {
    id: 6,
    name: 'rows under their own ids',
    sql: `
-- What is only ever found by its id lies in one tree instead of two. That of a turn's stream is as old as its turn's
-- id; a conversation's turns are found, and removed, through its messages.
create table turns_under_id (
  id text primary key,
  conversation_id text not null,
  user_id text not null references users (id),
  user_message_id text not null,
  model_message_id text not null,
  kind text not null,
  state text not null check (state in ('running', 'complete', 'failed', 'cancelled', 'interrupted')),
  stage text,
  percent integer not null default 0,
  label text,
  request text not null,
  error text,
  owner text not null,
  cancel_requested integer not null default 0,
  created_at integer not null,
  finished_at integer
) without rowid;
insert into turns_under_id (id, conversation_id, user_id, user_message_id, model_message_id, kind, state, stage, percent,
    label, request, error, owner, cancel_requested, created_at, finished_at)
  select id, conversation_id, user_id, user_message_id, model_message_id, kind, state, stage, percent,
    label, request, error, owner, cancel_requested, created_at, finished_at from turns order by id;

create table events_under_turn (
  turn_id text not null,
  first_id integer not null,
  last_id integer not null,
  body text not null,
  primary key (turn_id, first_id)
) without rowid;
insert into events_under_turn (turn_id, first_id, last_id, body)
  select turn_id, first_id, last_id, body from turn_events order by turn_id, first_id;
drop table turn_events;
drop table turns;
alter table turns_under_id rename to turns;
alter table events_under_turn rename to turn_events;
create unique index turns_one_running on turns (conversation_id) where state = 'running';

-- Only pictures are counted by time.
drop index generations_by_user;
create index generations_pictures on generations (user_id, created_at) where kind = 'image';
`,
  },
  {
    id: 7,
    name: 'requests without an answer are known by themselves',
    sql: `
-- Asked for every few seconds. What belongs to a turn, and what was answered, is not in it.
create index idempotency_waiting on idempotency (owner) where turn_id is null and answer is null;
`,
  },
]
