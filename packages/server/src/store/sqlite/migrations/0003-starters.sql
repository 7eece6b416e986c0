-- What begins runs beside the run API: schedules, hooks, replays, and jobs over many runs.

-- NULL: a request of the run API. Beside it, the id of what began the run: of a schedule, a hook, or another run.
ALTER TABLE runs ADD COLUMN started_by TEXT CHECK (started_by IN ('schedule', 'webhook', 'manual', 'retry', 'workflow'));
ALTER TABLE runs ADD COLUMN starter_id TEXT CHECK (starter_id IS NULL OR started_by IS NOT NULL);

CREATE INDEX runs_started_by ON runs (tenant_id, started_by, id) WHERE started_by IS NOT NULL;
CREATE INDEX runs_starter ON runs (tenant_id, starter_id, id) WHERE starter_id IS NOT NULL;
CREATE INDEX runs_draft ON runs (tenant_id, workflow_id, version) WHERE version >= 'draft-' AND version < 'draft.';

-- Drafts that runs were started with, as they were then: they go with the last of those runs.
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
