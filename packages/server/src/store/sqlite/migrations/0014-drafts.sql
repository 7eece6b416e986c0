-- Former drafts of workflows, and saves that were refused because another had come before them.

CREATE TABLE draft_history (
  tenant_id TEXT NOT NULL,
  workflow_id TEXT NOT NULL,
  -- 1, 2, 3, ... in the order of the saves.
  entry INTEGER NOT NULL,
  outcome TEXT NOT NULL CHECK (outcome IN ('saved', 'refused')),
  -- Of the draft that it was; of a refused save the one that it started from.
  revision INTEGER NOT NULL,
  editor TEXT,
  author_kind TEXT,
  author_id TEXT,
  author_name TEXT,
  -- The first save that the entry stands for, and the last.
  begun_at INTEGER NOT NULL,
  saved_at INTEGER NOT NULL,
  bytes INTEGER NOT NULL,
  -- SHA-256 of the document's text.
  hash TEXT NOT NULL,
  checksum INTEGER NOT NULL,
  document TEXT NOT NULL,
  PRIMARY KEY (tenant_id, workflow_id, entry),
  FOREIGN KEY (tenant_id, workflow_id) REFERENCES workflows (tenant_id, id)
) STRICT;
