-- Questions that runs have put to people, written with the entries of their journals.

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
