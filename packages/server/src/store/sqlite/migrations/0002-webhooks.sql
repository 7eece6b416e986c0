-- The outbox: what the webhooks of asynchronous runs are owed. Rows go with their run.

-- How many deliveries wait for the run's end. Known at acceptance, so that the end of a run without any asks for none.
ALTER TABLE runs ADD COLUMN webhooks INTEGER NOT NULL DEFAULT 0;

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
CREATE INDEX deliveries_workflow ON deliveries (tenant_id, workflow_id, run_id, ordinal);
CREATE INDEX deliveries_state ON deliveries (tenant_id, state, run_id, ordinal) WHERE state <> 'delivered';

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

-- Endpoints that answered 410: nothing is sent there until someone enables them again.
CREATE TABLE disabled_endpoints (
  tenant_id TEXT NOT NULL,
  workflow_id TEXT NOT NULL,
  method TEXT NOT NULL,
  endpoint TEXT NOT NULL,
  disabled_at INTEGER NOT NULL,
  checksum INTEGER NOT NULL,
  PRIMARY KEY (tenant_id, workflow_id, method, endpoint)
) STRICT, WITHOUT ROWID;

-- Encrypted. The one before a rotation signs beside the current one until `previous_until`.
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
