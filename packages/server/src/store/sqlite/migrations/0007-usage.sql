-- What runs paid for, what that adds up to, and what may be spent.

-- One row a paid request of an attempt; written with the journal entry that tells of it, and deleted with its run.
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
  checksum INTEGER NOT NULL,
  PRIMARY KEY (tenant_id, run_id, seq, ordinal)
) STRICT, WITHOUT ROWID;

-- Sums of the rows above by what they are counted to, without those that a called run counts; kept when the runs are deleted.
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

-- Runs that began a day or more after they were accepted: they are not where their ids say.
CREATE INDEX runs_late ON runs (tenant_id, id) WHERE started_at - accepted_at >= 86400000;
