-- Who made a version, and the keys that make workflows for an organisation.

-- NULL: the server itself, or a release that did not note it.
ALTER TABLE versions ADD COLUMN author_kind TEXT;
ALTER TABLE versions ADD COLUMN author_id TEXT;
ALTER TABLE versions ADD COLUMN author_name TEXT;

CREATE TABLE dev_keys (
  tenant_id TEXT NOT NULL REFERENCES tenants (id),
  id TEXT NOT NULL,
  -- HMAC-SHA-256 of id and secret; the secret itself is nowhere.
  hash TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  expires_at INTEGER,
  revoked_at INTEGER,
  checksum INTEGER NOT NULL,
  PRIMARY KEY (tenant_id, id)
) STRICT;
