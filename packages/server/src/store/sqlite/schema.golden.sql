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
  checksum INTEGER NOT NULL,
  PRIMARY KEY (tenant_id, id),
  CHECK ((rate_requests IS NULL) = (rate_window_s IS NULL))
) STRICT;

CREATE UNIQUE INDEX api_keys_id ON api_keys (id);

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
  checksum INTEGER NOT NULL,
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

CREATE TABLE disabled_endpoints (
  tenant_id TEXT NOT NULL,
  workflow_id TEXT NOT NULL,
  method TEXT NOT NULL,
  endpoint TEXT NOT NULL,
  disabled_at INTEGER NOT NULL,
  checksum INTEGER NOT NULL,
  PRIMARY KEY (tenant_id, workflow_id, method, endpoint)
) STRICT, WITHOUT ROWID;

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
  checksum INTEGER NOT NULL, webhooks INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (tenant_id, id)
) STRICT, WITHOUT ROWID;

CREATE INDEX runs_status ON runs (tenant_id, status, id) WHERE status <> 'SUCCEED';

CREATE INDEX runs_unfinished ON runs (owner, id) WHERE ended_at IS NULL;

CREATE INDEX runs_user ON runs (tenant_id, user_id, id) WHERE user_id IS NOT NULL;

CREATE INDEX runs_workflow ON runs (tenant_id, workflow_id, id);

CREATE TABLE secret_key (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  fingerprint TEXT NOT NULL
) STRICT;

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

CREATE TABLE tenants (
  id TEXT NOT NULL PRIMARY KEY,
  created_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

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
  checksum INTEGER NOT NULL,
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
) STRICT, WITHOUT ROWID;

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
