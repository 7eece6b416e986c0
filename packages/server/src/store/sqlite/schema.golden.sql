CREATE TABLE alert_events (
  tenant_id TEXT NOT NULL,
  -- UUIDv7; the delivery that tells of it has it in place of a run's.
  id TEXT NOT NULL,
  alert_id TEXT NOT NULL,
  type TEXT NOT NULL CHECK (type IN ('fired', 'recovered')),
  at INTEGER NOT NULL,
  figure REAL,
  text TEXT NOT NULL,
  checksum INTEGER NOT NULL,
  PRIMARY KEY (tenant_id, id)
) STRICT, WITHOUT ROWID;

CREATE INDEX alert_events_alert ON alert_events (tenant_id, alert_id, id);

CREATE TABLE alerts (
  tenant_id TEXT NOT NULL REFERENCES tenants (id),
  id TEXT NOT NULL,
  -- JSON: what people set.
  definition TEXT NOT NULL,
  enabled INTEGER NOT NULL CHECK (enabled IN (0, 1)),
  state TEXT NOT NULL CHECK (state IN ('ok', 'firing')),
  fired_at INTEGER,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  checksum INTEGER NOT NULL,
  PRIMARY KEY (tenant_id, id)
) STRICT;

CREATE TABLE api_keys (
  tenant_id TEXT NOT NULL REFERENCES tenants (id),
  id TEXT NOT NULL,
  hash TEXT NOT NULL UNIQUE,
  hint TEXT NOT NULL,
  name TEXT NOT NULL,
  -- JSON array of texts.
  scopes TEXT NOT NULL,
  -- 1: every workflow of the tenant; 0: those in key_workflows.
  all_workflows INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  expires_at INTEGER,
  revoked_at INTEGER,
  -- Requests in a window; NULL: no limit.
  rate_requests INTEGER,
  rate_window_s INTEGER,
  -- Not in the checksum: a late or lost note of it matters to nobody.
  last_used_at INTEGER,
  checksum INTEGER NOT NULL, role TEXT CHECK (role IN ('owner', 'editor', 'operator', 'viewer')), replaced_by TEXT, last_used_from TEXT,
  PRIMARY KEY (tenant_id, id),
  CHECK ((rate_requests IS NULL) = (rate_window_s IS NULL))
) STRICT;

CREATE UNIQUE INDEX api_keys_id ON api_keys (id);

CREATE TABLE approvals (
  tenant_id TEXT NOT NULL,
  -- The run's id, a hyphen, and the number of the entry that asked: the rows of a run lie together, the newest runs last.
  id TEXT NOT NULL,
  workflow_id TEXT NOT NULL,
  status TEXT NOT NULL,
  -- JSON: the rest of the row.
  definition TEXT NOT NULL,
  checksum INTEGER NOT NULL,
  PRIMARY KEY (tenant_id, id)
) STRICT, WITHOUT ROWID;

CREATE INDEX approvals_status ON approvals (tenant_id, status, id);

CREATE INDEX approvals_workflow ON approvals (tenant_id, workflow_id, id);

CREATE TRIGGER audit_log_is_final BEFORE UPDATE ON audit_log
BEGIN
  SELECT RAISE(ABORT, 'the audit log is never changed');
END;

CREATE TRIGGER audit_log_is_whole BEFORE DELETE ON audit_log
WHEN EXISTS (SELECT 1 FROM audit_log WHERE tenant_id = OLD.tenant_id AND position < OLD.position)
BEGIN
  SELECT RAISE(ABORT, 'the audit log is cut at its beginning only');
END;

CREATE TABLE audit_log (
  -- In the order of writing.
  position INTEGER PRIMARY KEY AUTOINCREMENT,
  tenant_id TEXT NOT NULL,
  at INTEGER NOT NULL,
  actor_kind TEXT NOT NULL CHECK (actor_kind IN ('member', 'key', 'system', 'nobody')),
  actor_id TEXT,
  actor_name TEXT,
  action TEXT NOT NULL,
  -- JSON object of texts.
  targets TEXT NOT NULL,
  address TEXT,
  status INTEGER,
  result TEXT NOT NULL CHECK (result IN ('done', 'refused', 'failed')),
  request_id TEXT,
  checksum INTEGER NOT NULL
) STRICT;

CREATE INDEX audit_log_action ON audit_log (tenant_id, action, position);

CREATE INDEX audit_log_actor ON audit_log (tenant_id, actor_id, position) WHERE actor_id IS NOT NULL;

CREATE INDEX audit_log_tenant ON audit_log (tenant_id, position);

CREATE TABLE budgets (
  tenant_id TEXT NOT NULL REFERENCES tenants (id),
  id TEXT NOT NULL,
  -- With the value: whose spending it bounds, as in usage_sums.
  dimension TEXT NOT NULL CHECK (dimension IN ('tenant', 'workflow', 'key', 'user')),
  value TEXT NOT NULL,
  period TEXT NOT NULL CHECK (period IN ('day', 'month', 'total')),
  time_zone TEXT NOT NULL,
  credits TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  checksum INTEGER NOT NULL,
  PRIMARY KEY (tenant_id, id),
  UNIQUE (tenant_id, dimension, value, period)
) STRICT;

CREATE TABLE bulk_jobs (
  tenant_id TEXT NOT NULL,
  id TEXT NOT NULL,
  -- JSON: what is done, to which runs, how.
  definition TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('running', 'stopped', 'done')),
  -- Runs are seen to from the newest to the oldest; what is older than this one is still to come.
  before_run TEXT NOT NULL,
  -- Runs that the filter had when the job was made; those seen to, and those of them that could not be.
  matched INTEGER NOT NULL,
  done INTEGER NOT NULL,
  failed INTEGER NOT NULL,
  last_error TEXT,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  checksum INTEGER NOT NULL,
  PRIMARY KEY (tenant_id, id)
) STRICT;

CREATE INDEX bulk_jobs_running ON bulk_jobs (id) WHERE state = 'running';

CREATE TABLE deliveries (
  tenant_id TEXT NOT NULL,
  run_id TEXT NOT NULL,
  -- Place in the list that the caller gave.
  ordinal INTEGER NOT NULL,
  workflow_id TEXT NOT NULL,
  method TEXT NOT NULL,
  url TEXT NOT NULL,
  -- JSON object of texts.
  headers TEXT NOT NULL,
  -- The URL without its query: with workflow and method, what a receiver that is gone is known by.
  endpoint TEXT NOT NULL,
  -- Workflow and origin: what may be slow without delaying anything else.
  lane TEXT NOT NULL,
  accepted_at INTEGER NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('waiting', 'due', 'delivered', 'failed', 'disabled')),
  due_at INTEGER CHECK ((due_at IS NOT NULL) = (state = 'due')),
  -- Attempts of the current schedule, and of all.
  tries INTEGER NOT NULL,
  attempts INTEGER NOT NULL,
  ended_at INTEGER CHECK ((ended_at IS NOT NULL) = (state IN ('delivered', 'failed', 'disabled'))),
  checksum INTEGER NOT NULL, alert_id TEXT, body TEXT CHECK ((body IS NULL) = (alert_id IS NULL)),
  PRIMARY KEY (tenant_id, run_id, ordinal)
) STRICT, WITHOUT ROWID;

CREATE INDEX deliveries_due ON deliveries (due_at) WHERE due_at IS NOT NULL;

CREATE INDEX deliveries_lane ON deliveries (lane, due_at) WHERE due_at IS NOT NULL;

CREATE INDEX deliveries_state ON deliveries (tenant_id, state, run_id, ordinal) WHERE state <> 'delivered';

CREATE INDEX deliveries_workflow ON deliveries (tenant_id, workflow_id, run_id, ordinal);

CREATE TABLE delivery_attempts (
  tenant_id TEXT NOT NULL,
  run_id TEXT NOT NULL,
  ordinal INTEGER NOT NULL,
  -- 1, 2, 3, ... over all schedules.
  number INTEGER NOT NULL,
  started_at INTEGER NOT NULL,
  ended_at INTEGER NOT NULL,
  -- JSON: the head of the request, and what came back: an answer or an error.
  request TEXT NOT NULL,
  response TEXT,
  error TEXT,
  checksum INTEGER NOT NULL,
  PRIMARY KEY (tenant_id, run_id, ordinal, number)
) STRICT;

CREATE TABLE dev_keys (
  tenant_id TEXT NOT NULL REFERENCES tenants (id),
  id TEXT NOT NULL,
  -- HMAC-SHA-256 of id and secret; the secret itself is nowhere.
  hash TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  expires_at INTEGER,
  revoked_at INTEGER,
  checksum INTEGER NOT NULL,
  PRIMARY KEY (tenant_id, id)
) STRICT;

CREATE TABLE disabled_endpoints (
  tenant_id TEXT NOT NULL,
  workflow_id TEXT NOT NULL,
  method TEXT NOT NULL,
  endpoint TEXT NOT NULL,
  disabled_at INTEGER NOT NULL,
  checksum INTEGER NOT NULL,
  PRIMARY KEY (tenant_id, workflow_id, method, endpoint)
) STRICT, WITHOUT ROWID;

CREATE TABLE draft_history (
  tenant_id TEXT NOT NULL,
  workflow_id TEXT NOT NULL,
  -- 1, 2, 3, ... in the order of the saves.
  entry INTEGER NOT NULL,
  outcome TEXT NOT NULL CHECK (outcome IN ('saved', 'refused')),
  -- Of the draft that it was; of a refused save the one that it started from.
  revision INTEGER NOT NULL,
  editor TEXT,
  author_kind TEXT,
  author_id TEXT,
  author_name TEXT,
  -- The first save that the entry stands for, and the last.
  begun_at INTEGER NOT NULL,
  saved_at INTEGER NOT NULL,
  bytes INTEGER NOT NULL,
  -- SHA-256 of the document's text.
  hash TEXT NOT NULL,
  checksum INTEGER NOT NULL,
  document TEXT NOT NULL,
  PRIMARY KEY (tenant_id, workflow_id, entry),
  FOREIGN KEY (tenant_id, workflow_id) REFERENCES workflows (tenant_id, id)
) STRICT;

CREATE TABLE draft_usage_sums (
  tenant_id TEXT NOT NULL,
  dimension TEXT NOT NULL CHECK (dimension IN ('tenant', 'workflow', 'version', 'key', 'user', 'model', 'kind')),
  -- As in usage_sums.
  span INTEGER NOT NULL CHECK (span IN (900000, 86400000)),
  since INTEGER NOT NULL,
  value TEXT NOT NULL,
  requests INTEGER NOT NULL,
  input_tokens INTEGER NOT NULL,
  output_tokens INTEGER NOT NULL,
  cached_tokens INTEGER NOT NULL,
  reasoning_tokens INTEGER NOT NULL,
  credits TEXT NOT NULL,
  checksum INTEGER NOT NULL,
  PRIMARY KEY (tenant_id, dimension, span, since, value)
) STRICT, WITHOUT ROWID;

CREATE INDEX draft_usage_sums_value ON draft_usage_sums (tenant_id, dimension, value, span, since);

CREATE TABLE draft_versions (
  tenant_id TEXT NOT NULL,
  workflow_id TEXT NOT NULL,
  -- 'draft-' and the beginning of the hash.
  version TEXT NOT NULL,
  hash TEXT NOT NULL,
  canonical TEXT NOT NULL,
  layout TEXT,
  -- When a run was last started with it.
  kept_at INTEGER NOT NULL,
  checksum INTEGER NOT NULL,
  PRIMARY KEY (tenant_id, workflow_id, version),
  FOREIGN KEY (tenant_id, workflow_id) REFERENCES workflows (tenant_id, id)
) STRICT;

CREATE TABLE hooks (
  tenant_id TEXT NOT NULL,
  id TEXT NOT NULL,
  workflow_id TEXT NOT NULL,
  -- JSON: name, version, methods, headers, input, answer, verification, limits.
  definition TEXT NOT NULL,
  enabled INTEGER NOT NULL,
  -- HMAC-SHA-256 of the token, hex; the token itself is nowhere.
  token_hash TEXT NOT NULL UNIQUE,
  token_hint TEXT NOT NULL,
  -- Of the token before, which works beside it until then.
  previous_hash TEXT UNIQUE,
  previous_until INTEGER,
  -- Encrypted: what senders sign with.
  secret TEXT,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  checksum INTEGER NOT NULL,
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, workflow_id) REFERENCES workflows (tenant_id, id),
  CHECK ((previous_hash IS NULL) = (previous_until IS NULL))
) STRICT;

CREATE INDEX hooks_workflow ON hooks (tenant_id, workflow_id, id);

CREATE TABLE idempotency_keys (
  tenant_id TEXT NOT NULL,
  -- The API key that it belongs to.
  key_id TEXT NOT NULL,
  key TEXT NOT NULL,
  request_hash TEXT NOT NULL,
  run_id TEXT NOT NULL,
  forgotten_at INTEGER NOT NULL,
  PRIMARY KEY (tenant_id, key_id, key)
) STRICT, WITHOUT ROWID;

CREATE INDEX idempotency_keys_forgotten ON idempotency_keys (forgotten_at);

CREATE INDEX idempotency_keys_run ON idempotency_keys (tenant_id, run_id);

CREATE TABLE invitations (
  tenant_id TEXT NOT NULL REFERENCES tenants (id),
  id TEXT NOT NULL,
  -- HMAC-SHA-256 of the token, hex; the token itself is nowhere.
  hash TEXT NOT NULL UNIQUE,
  email TEXT NOT NULL,
  role TEXT NOT NULL CHECK (role IN ('owner', 'editor', 'operator', 'viewer')),
  created_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  checksum INTEGER NOT NULL,
  PRIMARY KEY (tenant_id, id),
  UNIQUE (tenant_id, email)
) STRICT;

CREATE TRIGGER journal_goes_after_its_run BEFORE DELETE ON journal
WHEN EXISTS (SELECT 1 FROM runs WHERE tenant_id = OLD.tenant_id AND id = OLD.run_id)
BEGIN SELECT RAISE (ABORT, 'the journal of a run is deleted after the run'); END;

CREATE TRIGGER journal_is_append_only BEFORE UPDATE ON journal
BEGIN SELECT RAISE (ABORT, 'a journal is only appended to'); END;

CREATE TABLE journal (
  position INTEGER NOT NULL PRIMARY KEY,
  tenant_id TEXT NOT NULL,
  run_id TEXT NOT NULL,
  -- Number of the first entry.
  seq INTEGER NOT NULL,
  count INTEGER NOT NULL,
  -- Position of the run's segment before; NULL: this is its first.
  previous INTEGER,
  format INTEGER NOT NULL,
  bytes INTEGER NOT NULL,
  hash TEXT NOT NULL,
  text TEXT NOT NULL
) STRICT;

CREATE TABLE key_workflows (
  tenant_id TEXT NOT NULL,
  key_id TEXT NOT NULL,
  workflow_id TEXT NOT NULL,
  PRIMARY KEY (tenant_id, key_id, workflow_id),
  FOREIGN KEY (tenant_id, key_id) REFERENCES api_keys (tenant_id, id),
  FOREIGN KEY (tenant_id, workflow_id) REFERENCES workflows (tenant_id, id)
) STRICT, WITHOUT ROWID;

CREATE TABLE knowledge_bases (
  tenant_id TEXT NOT NULL REFERENCES tenants (id),
  id TEXT NOT NULL,
  -- The words of its passages begin with it in the index, so that each base has frequencies of its own.
  number INTEGER NOT NULL UNIQUE,
  name TEXT NOT NULL,
  -- JSON object.
  settings TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  checksum INTEGER NOT NULL,
  PRIMARY KEY (tenant_id, id),
  UNIQUE (tenant_id, name)
) STRICT;

CREATE TABLE knowledge_contents (
  tenant_id TEXT NOT NULL,
  document_id TEXT NOT NULL,
  revision INTEGER NOT NULL,
  content BLOB NOT NULL,
  checksum INTEGER NOT NULL,
  PRIMARY KEY (tenant_id, document_id, revision)
) STRICT;

CREATE TABLE knowledge_documents (
  tenant_id TEXT NOT NULL,
  id TEXT NOT NULL,
  base_id TEXT NOT NULL,
  name TEXT NOT NULL,
  -- JSON object: media type, URL.
  origin TEXT NOT NULL,
  -- JSON object, of the newest revision.
  metadata TEXT NOT NULL,
  revision INTEGER NOT NULL,
  -- NULL: none of its passages is found yet.
  live_revision INTEGER,
  -- JSON object, of the live revision: what filters read.
  live_metadata TEXT,
  state TEXT NOT NULL CHECK (state IN ('waiting', 'indexed', 'failed')),
  error TEXT,
  bytes INTEGER NOT NULL,
  characters INTEGER NOT NULL,
  -- Passages of the newest revision: those that are there, and NULL until it is known how many there are.
  done INTEGER NOT NULL,
  total INTEGER,
  -- JSON object: tokens and credits of its vectors, all revisions together.
  usage TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  indexed_at INTEGER,
  checksum INTEGER NOT NULL, error_type TEXT,
  PRIMARY KEY (tenant_id, id),
  UNIQUE (tenant_id, base_id, name),
  FOREIGN KEY (tenant_id, base_id) REFERENCES knowledge_bases (tenant_id, id)
) STRICT;

CREATE INDEX knowledge_documents_waiting ON knowledge_documents (updated_at) WHERE state = 'waiting';

CREATE TABLE knowledge_leftovers (
  tenant_id TEXT NOT NULL,
  document_id TEXT NOT NULL,
  PRIMARY KEY (tenant_id, document_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE knowledge_passages (
  -- Names it in the index of words and among the vectors.
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  tenant_id TEXT NOT NULL,
  base_id TEXT NOT NULL,
  document_id TEXT NOT NULL,
  revision INTEGER NOT NULL,
  -- In its document, from 0.
  position INTEGER NOT NULL,
  text TEXT NOT NULL,
  -- JSON object: page, headings.
  place TEXT NOT NULL,
  checksum INTEGER NOT NULL,
  UNIQUE (tenant_id, document_id, revision, position)
) STRICT;

CREATE TABLE knowledge_vectors (
  passage_id INTEGER PRIMARY KEY,
  tenant_id TEXT NOT NULL,
  base_id TEXT NOT NULL,
  document_id TEXT NOT NULL,
  revision INTEGER NOT NULL,
  vector BLOB NOT NULL
) STRICT;

CREATE INDEX knowledge_vectors_base ON knowledge_vectors (tenant_id, base_id, passage_id);

CREATE VIRTUAL TABLE knowledge_words USING fts5 (words, content = '', contentless_delete = 1, tokenize = 'porter ascii');

CREATE TABLE 'knowledge_words_config'(k PRIMARY KEY, v) WITHOUT ROWID;

CREATE TABLE 'knowledge_words_data'(id INTEGER PRIMARY KEY, block BLOB);

CREATE TABLE 'knowledge_words_docsize'(id INTEGER PRIMARY KEY, sz BLOB, origin INTEGER);

CREATE TABLE 'knowledge_words_idx'(segid, term, pgno, PRIMARY KEY(segid, term)) WITHOUT ROWID;

CREATE TABLE members (
  tenant_id TEXT NOT NULL REFERENCES tenants (id),
  id TEXT NOT NULL,
  -- In lower case: one address is one member.
  email TEXT NOT NULL,
  name TEXT NOT NULL,
  role TEXT NOT NULL CHECK (role IN ('owner', 'editor', 'operator', 'viewer')),
  state TEXT NOT NULL CHECK (state IN ('active', 'disabled')),
  -- Algorithm, parameters, salt and hash in one text; the password itself is nowhere.
  password TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  -- Not in the checksum, like that of a key.
  last_sign_in_at INTEGER,
  checksum INTEGER NOT NULL,
  PRIMARY KEY (tenant_id, id),
  UNIQUE (tenant_id, email)
) STRICT;

CREATE TABLE moves (
  table_name TEXT NOT NULL PRIMARY KEY,
  -- Where its rows come from.
  origin TEXT NOT NULL,
  -- JSON array: the key of the last row that is here; NULL: none is yet.
  last_key TEXT,
  moved INTEGER NOT NULL,
  done INTEGER NOT NULL CHECK (done IN (0, 1))
) STRICT, WITHOUT ROWID;

CREATE TABLE node_result_sums (
  tenant_id TEXT NOT NULL PRIMARY KEY,
  results INTEGER NOT NULL,
  bytes INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE node_results (
  tenant_id TEXT NOT NULL,
  workflow_id TEXT NOT NULL,
  -- SHA-256 of what the node was asked for.
  key TEXT NOT NULL,
  -- The run that made it.
  run_id TEXT NOT NULL,
  at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  -- JSON: the port, the output, and what was paid for.
  result TEXT NOT NULL,
  bytes INTEGER NOT NULL,
  checksum INTEGER NOT NULL,
  PRIMARY KEY (tenant_id, workflow_id, key)
) STRICT;

CREATE INDEX node_results_by_age ON node_results (tenant_id, at);

CREATE INDEX node_results_by_run ON node_results (tenant_id, run_id);

CREATE TABLE prices (
  tenant_id TEXT NOT NULL,
  -- The name of a model, or a pattern of names.
  models TEXT NOT NULL,
  -- JSON: credits for a million tokens, by what is counted.
  price TEXT NOT NULL,
  updated_at INTEGER NOT NULL,
  checksum INTEGER NOT NULL,
  PRIMARY KEY (tenant_id, models)
) STRICT, WITHOUT ROWID;

CREATE TABLE refused_requests (
  position INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
  tenant_id TEXT NOT NULL,
  at INTEGER NOT NULL,
  path TEXT NOT NULL,
  workflow_id TEXT,
  key_id TEXT NOT NULL,
  status INTEGER NOT NULL,
  type TEXT NOT NULL,
  message TEXT NOT NULL,
  request_id TEXT NOT NULL,
  checksum INTEGER NOT NULL
) STRICT;

CREATE INDEX refused_requests_tenant ON refused_requests (tenant_id, position);

CREATE TABLE run_shares (
  tenant_id TEXT NOT NULL,
  run_id TEXT NOT NULL,
  id TEXT NOT NULL,
  -- HMAC-SHA-256 of the token; the token itself is nowhere.
  hash TEXT NOT NULL UNIQUE,
  -- First and last characters of the token, for people.
  hint TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  created_by TEXT NOT NULL,
  checksum INTEGER NOT NULL,
  PRIMARY KEY (tenant_id, run_id, id)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER runs_ended_are_final BEFORE UPDATE ON runs WHEN OLD.ended_at IS NOT NULL
BEGIN SELECT RAISE (ABORT, 'a run that has ended never changes'); END;

CREATE TRIGGER runs_unfinished_stay BEFORE DELETE ON runs WHEN OLD.ended_at IS NULL
BEGIN SELECT RAISE (ABORT, 'a run that has not ended is never deleted'); END;

CREATE TABLE runs (
  tenant_id TEXT NOT NULL,
  id TEXT NOT NULL,
  workflow_id TEXT NOT NULL,
  workflow_name TEXT NOT NULL,
  version TEXT NOT NULL,
  user_id TEXT,
  key_id TEXT,
  accepted_at INTEGER NOT NULL,
  -- '': nobody's; 'asleep': in sleepers. Owner and fence are not in the checksum.
  owner TEXT NOT NULL,
  fence INTEGER NOT NULL,
  status TEXT NOT NULL CHECK ((status IN ('SUCCEED', 'FAILED')) = (ended_at IS NOT NULL)),
  started_at INTEGER,
  ended_at INTEGER,
  execution_ms INTEGER NOT NULL,
  total_cost REAL NOT NULL,
  total_tokens INTEGER NOT NULL,
  error_type TEXT,
  -- Entries in the journal: a journal that lost its end is found out.
  entries INTEGER NOT NULL,
  -- journal.position
  first_segment INTEGER NOT NULL,
  last_segment INTEGER NOT NULL,
  checksum INTEGER NOT NULL, webhooks INTEGER NOT NULL DEFAULT 0, started_by TEXT CHECK (started_by IN ('schedule', 'webhook', 'manual', 'retry', 'workflow')), starter_id TEXT CHECK (starter_id IS NULL OR started_by IS NOT NULL),
  PRIMARY KEY (tenant_id, id)
) STRICT, WITHOUT ROWID;

CREATE INDEX runs_draft ON runs (tenant_id, workflow_id, version) WHERE version >= 'draft-' AND version < 'draft.';

CREATE INDEX runs_late ON runs (tenant_id, id) WHERE started_at - accepted_at >= 86400000;

CREATE INDEX runs_started_by ON runs (tenant_id, started_by, id) WHERE started_by IS NOT NULL;

CREATE INDEX runs_starter ON runs (tenant_id, starter_id, id) WHERE starter_id IS NOT NULL;

CREATE INDEX runs_status ON runs (tenant_id, status, id) WHERE status <> 'SUCCEED';

CREATE INDEX runs_unfinished ON runs (owner, id) WHERE ended_at IS NULL;

CREATE INDEX runs_user ON runs (tenant_id, user_id, id) WHERE user_id IS NOT NULL;

CREATE INDEX runs_workflow ON runs (tenant_id, workflow_id, id);

CREATE TABLE schedules (
  tenant_id TEXT NOT NULL,
  id TEXT NOT NULL,
  workflow_id TEXT NOT NULL,
  -- JSON: name, version, cron, time zone, catch-up rule, input, user.
  definition TEXT NOT NULL,
  enabled INTEGER NOT NULL,
  -- NULL: paused, or it never falls due again.
  due_at INTEGER CHECK (due_at IS NULL OR enabled = 1),
  -- The last due time that was seen to, and what came of it.
  last_due_at INTEGER,
  last_run_id TEXT,
  last_error TEXT,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  checksum INTEGER NOT NULL,
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, workflow_id) REFERENCES workflows (tenant_id, id)
) STRICT;

CREATE INDEX schedules_due ON schedules (due_at) WHERE due_at IS NOT NULL;

CREATE INDEX schedules_workflow ON schedules (tenant_id, workflow_id, id);

CREATE TABLE secret_key (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  fingerprint TEXT NOT NULL
) STRICT;

CREATE TABLE sessions (
  tenant_id TEXT NOT NULL,
  id TEXT NOT NULL,
  -- HMAC-SHA-256 of the cookie, hex.
  hash TEXT NOT NULL UNIQUE,
  member_id TEXT,
  key_id TEXT,
  address TEXT NOT NULL,
  user_agent TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  -- It ends then, however much it is used.
  expires_at INTEGER NOT NULL,
  -- Not in the checksum.
  last_used_at INTEGER NOT NULL,
  checksum INTEGER NOT NULL,
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, member_id) REFERENCES members (tenant_id, id),
  FOREIGN KEY (tenant_id, key_id) REFERENCES api_keys (tenant_id, id),
  CHECK ((member_id IS NULL) <> (key_id IS NULL))
) STRICT;

CREATE INDEX sessions_expiry ON sessions (expires_at);

CREATE INDEX sessions_member ON sessions (tenant_id, member_id, created_at);

CREATE TABLE sleepers (
  tenant_id TEXT NOT NULL,
  run_id TEXT NOT NULL,
  -- NULL: when somebody asks something of it.
  wakes_at INTEGER,
  -- JSON: what the run's readers are told; NULL: it has not begun.
  pause TEXT,
  checksum INTEGER NOT NULL,
  PRIMARY KEY (tenant_id, run_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX sleepers_due ON sleepers (wakes_at) WHERE wakes_at IS NOT NULL;

CREATE TABLE sqlite_sequence(name,seq);

CREATE TABLE suspects (
  tenant_id TEXT NOT NULL,
  run_id TEXT NOT NULL,
  -- What its journal had come to: another number, and the count begins anew.
  progress INTEGER NOT NULL,
  -- In a row.
  deaths INTEGER NOT NULL,
  checksum INTEGER NOT NULL,
  PRIMARY KEY (tenant_id, run_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE tenants (
  id TEXT NOT NULL PRIMARY KEY,
  created_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE tool_collections (
  tenant_id TEXT NOT NULL,
  name TEXT NOT NULL,
  -- JSON: what is shown of it in a list.
  facts TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  checksum INTEGER NOT NULL,
  PRIMARY KEY (tenant_id, name)
) STRICT, WITHOUT ROWID;

CREATE TABLE tool_operations (
  tenant_id TEXT NOT NULL,
  collection TEXT NOT NULL,
  -- JSON array.
  operations TEXT NOT NULL,
  checksum INTEGER NOT NULL,
  PRIMARY KEY (tenant_id, collection)
) STRICT;

CREATE TABLE usage (
  tenant_id TEXT NOT NULL,
  run_id TEXT NOT NULL,
  -- Number of the journal entry, and place within it.
  seq INTEGER NOT NULL,
  ordinal INTEGER NOT NULL,
  at INTEGER NOT NULL,
  path TEXT NOT NULL,
  attempt INTEGER NOT NULL,
  kind TEXT NOT NULL,
  model TEXT,
  input_tokens INTEGER NOT NULL,
  output_tokens INTEGER NOT NULL,
  cached_tokens INTEGER NOT NULL,
  reasoning_tokens INTEGER NOT NULL,
  -- Units of 10^-12 credits as decimal text: sums outgrow an INTEGER, and a REAL is not exact.
  credits TEXT NOT NULL,
  -- JSON: the price that was applied.
  price TEXT,
  -- The called run that paid it, and counts it.
  paid_by TEXT,
  checksum INTEGER NOT NULL, cached INTEGER,
  PRIMARY KEY (tenant_id, run_id, seq, ordinal)
) STRICT, WITHOUT ROWID;

CREATE TABLE usage_sums (
  tenant_id TEXT NOT NULL,
  dimension TEXT NOT NULL CHECK (dimension IN ('tenant', 'workflow', 'version', 'key', 'user', 'model', 'kind')),
  -- Length in ms: a quarter of an hour, in which days of every time zone begin, or a day of UTC.
  span INTEGER NOT NULL CHECK (span IN (900000, 86400000)),
  since INTEGER NOT NULL,
  -- '': none.
  value TEXT NOT NULL,
  requests INTEGER NOT NULL,
  input_tokens INTEGER NOT NULL,
  output_tokens INTEGER NOT NULL,
  cached_tokens INTEGER NOT NULL,
  reasoning_tokens INTEGER NOT NULL,
  credits TEXT NOT NULL,
  checksum INTEGER NOT NULL,
  PRIMARY KEY (tenant_id, dimension, span, since, value)
) STRICT, WITHOUT ROWID;

CREATE INDEX usage_sums_value ON usage_sums (tenant_id, dimension, value, span, since);

CREATE TABLE vault (
  tenant_id TEXT NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('secret', 'connection')),
  name TEXT NOT NULL,
  -- JSON: what may be shown.
  facts TEXT NOT NULL,
  -- Encrypted, for this tenant, kind and name alone; null: there is nothing to keep secret.
  sealed TEXT,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  -- Not in the checksum: written late, and harmless.
  last_used_at INTEGER,
  checksum INTEGER NOT NULL,
  PRIMARY KEY (tenant_id, kind, name)
) STRICT, WITHOUT ROWID;

CREATE TABLE versions (
  tenant_id TEXT NOT NULL,
  workflow_id TEXT NOT NULL,
  -- 1, 2, 3, ... in the order of creation.
  ordinal INTEGER NOT NULL,
  version TEXT NOT NULL,
  hash TEXT NOT NULL,
  canonical TEXT NOT NULL,
  layout TEXT,
  note TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  released_at INTEGER,
  checksum INTEGER NOT NULL, author_kind TEXT, author_id TEXT, author_name TEXT, changes TEXT,
  PRIMARY KEY (tenant_id, workflow_id, ordinal),
  UNIQUE (tenant_id, workflow_id, version),
  FOREIGN KEY (tenant_id, workflow_id) REFERENCES workflows (tenant_id, id)
) STRICT;

CREATE TABLE webhook_secrets (
  tenant_id TEXT NOT NULL,
  workflow_id TEXT NOT NULL,
  secret TEXT NOT NULL,
  previous TEXT,
  previous_until INTEGER,
  created_at INTEGER NOT NULL,
  checksum INTEGER NOT NULL,
  PRIMARY KEY (tenant_id, workflow_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE workers (
  owner TEXT NOT NULL PRIMARY KEY,
  beat INTEGER NOT NULL
, drains INTEGER NOT NULL DEFAULT 0) STRICT, WITHOUT ROWID;

CREATE TABLE workflows (
  tenant_id TEXT NOT NULL REFERENCES tenants (id),
  id TEXT NOT NULL,
  name TEXT NOT NULL,
  document TEXT NOT NULL,
  revision INTEGER NOT NULL,
  live_version TEXT,
  api_enabled INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  deleted_at INTEGER,
  checksum INTEGER NOT NULL,
  PRIMARY KEY (tenant_id, id)
) STRICT;

CREATE UNIQUE INDEX workflows_name ON workflows (tenant_id, name) WHERE deleted_at IS NULL;

CREATE INDEX workflows_newest ON workflows (tenant_id, created_at, id) WHERE deleted_at IS NULL;
