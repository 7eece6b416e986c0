-- Links with which somebody without an account looks at one run.
CREATE TABLE run_shares (
  tenant_id TEXT NOT NULL,
  run_id TEXT NOT NULL,
  id TEXT NOT NULL,
  -- HMAC-SHA-256 of the token; the token itself is nowhere.
  hash TEXT NOT NULL UNIQUE,
  -- First and last characters of the token, for people.
  hint TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  created_by TEXT NOT NULL,
  checksum INTEGER NOT NULL,
  PRIMARY KEY (tenant_id, run_id, id)
) STRICT, WITHOUT ROWID;
