-- Results of nodes that other runs of their workflow may take.

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

-- The oldest make room.
CREATE INDEX node_results_by_age ON node_results (tenant_id, at);

-- They go with their run.
CREATE INDEX node_results_by_run ON node_results (tenant_id, run_id);

-- What they amount to, so that nobody counts them.
CREATE TABLE node_result_sums (
  tenant_id TEXT NOT NULL PRIMARY KEY,
  results INTEGER NOT NULL,
  bytes INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- 1: the answer was a kept one, and nothing was paid for it.
ALTER TABLE usage ADD COLUMN cached INTEGER;
