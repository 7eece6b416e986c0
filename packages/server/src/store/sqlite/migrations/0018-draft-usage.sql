-- The part of usage_sums that runs of drafts paid, so that usage can be told without it. Empty for what was paid before.
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
