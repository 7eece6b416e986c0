-- What a tenant keeps sealed: secrets, and connections with their credential.
CREATE TABLE vault (
  tenant_id TEXT NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('secret', 'connection')),
  name TEXT NOT NULL,
  -- JSON: what may be shown.
  facts TEXT NOT NULL,
  -- Encrypted, for this tenant, kind and name alone; null: there is nothing to keep secret.
  sealed TEXT,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  -- Not in the checksum: written late, and harmless.
  last_used_at INTEGER,
  checksum INTEGER NOT NULL,
  PRIMARY KEY (tenant_id, kind, name)
) STRICT, WITHOUT ROWID;

-- What the key of this server is recognised by; the key cannot be had from it.
CREATE TABLE secret_key (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  fingerprint TEXT NOT NULL
) STRICT;
