-- Runs that were under way when a process died, and have not come any further since.

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

-- 1: it lets its runs go. How it ends from here on is no fault of theirs.
ALTER TABLE workers ADD COLUMN drains INTEGER NOT NULL DEFAULT 0;
