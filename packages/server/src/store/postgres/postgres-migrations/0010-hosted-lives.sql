-- Processes that have carried out what an earlier life of a run had left under way, where an engine outside drives the run. One that let its runs
-- go is not among them. Nothing of it is moved to another store.
CREATE TABLE hosted_lives (
  tenant_id TEXT COLLATE "C" NOT NULL,
  run_id TEXT COLLATE "C" NOT NULL,
  owner TEXT COLLATE "C" NOT NULL,
  -- Entries of the journal at that time: with more of them the run has come further since.
  progress BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, run_id, owner)
);
