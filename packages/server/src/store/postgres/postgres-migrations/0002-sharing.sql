-- What the processes that share this database agree on while they run. None of it is moved to another store.

-- What was asked of a run that another process drives.
CREATE TABLE run_controls (
  tenant_id TEXT COLLATE "C" NOT NULL,
  id TEXT COLLATE "C" NOT NULL,
  run_id TEXT COLLATE "C" NOT NULL,
  -- JSON
  body TEXT COLLATE "C" NOT NULL,
  at BIGINT NOT NULL,
  -- The process that has taken it up; '': none.
  taken_by TEXT COLLATE "C" NOT NULL DEFAULT '',
  -- JSON
  outcome TEXT COLLATE "C",
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, run_id) REFERENCES runs (tenant_id, id) ON DELETE CASCADE
);

CREATE INDEX run_controls_run ON run_controls (tenant_id, run_id);

CREATE INDEX run_controls_open ON run_controls (at) WHERE outcome IS NULL;

-- Runs that are under way, or wait to be, under a limit of their workflow; the lane is a SHA-256, hex.
CREATE TABLE turns (
  lane TEXT COLLATE "C" NOT NULL,
  tenant_id TEXT COLLATE "C" NOT NULL,
  -- It may not be there yet.
  run_id TEXT COLLATE "C" NOT NULL,
  -- The process that drives it.
  owner TEXT COLLATE "C" NOT NULL,
  -- 1: it is under way.
  held BIGINT NOT NULL,
  PRIMARY KEY (lane, run_id)
);

CREATE INDEX turns_run ON turns (tenant_id, run_id);

-- What is left of the limits of keys and hooks; full again after a crash of the database.
CREATE UNLOGGED TABLE key_quotas (
  tenant_id TEXT COLLATE "C" NOT NULL,
  key_id TEXT COLLATE "C" NOT NULL,
  tokens DOUBLE PRECISION NOT NULL,
  -- 1: the last request was let through.
  passed BIGINT NOT NULL,
  -- Epoch seconds of this database.
  at DOUBLE PRECISION NOT NULL,
  PRIMARY KEY (tenant_id, key_id)
);

-- What paid steps under way are reckoned at, under each budget that they fall under.
CREATE TABLE budget_holds (
  tenant_id TEXT COLLATE "C" NOT NULL,
  budget_id TEXT COLLATE "C" NOT NULL,
  step_id TEXT COLLATE "C" NOT NULL,
  -- The process that the step is under way in.
  owner TEXT COLLATE "C" NOT NULL,
  -- Units of 10^-12.
  credits TEXT COLLATE "C" NOT NULL,
  PRIMARY KEY (tenant_id, budget_id, step_id)
);
