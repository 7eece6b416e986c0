CREATE TABLE run_shares (
  tenant_id TEXT COLLATE "C" NOT NULL,
  run_id TEXT COLLATE "C" NOT NULL,
  id TEXT COLLATE "C" NOT NULL,
  -- HMAC-SHA-256 of the token; the token itself is nowhere.
  hash TEXT COLLATE "C" NOT NULL UNIQUE,
  -- First and last characters of the token, for people.
  hint TEXT COLLATE "C" NOT NULL,
  created_at BIGINT NOT NULL,
  expires_at BIGINT NOT NULL,
  created_by TEXT COLLATE "C" NOT NULL,
  checksum BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, run_id, id)
);
