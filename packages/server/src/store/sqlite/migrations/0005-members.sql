-- Who may operate the server: members and their sessions, roles and rotations of keys, and the log of what was done.

CREATE TABLE members (
  tenant_id TEXT NOT NULL REFERENCES tenants (id),
  id TEXT NOT NULL,
  -- In lower case: one address is one member.
  email TEXT NOT NULL,
  name TEXT NOT NULL,
  role TEXT NOT NULL CHECK (role IN ('owner', 'editor', 'operator', 'viewer')),
  state TEXT NOT NULL CHECK (state IN ('active', 'disabled')),
  -- Algorithm, parameters, salt and hash in one text; the password itself is nowhere.
  password TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  -- Not in the checksum, like that of a key.
  last_sign_in_at INTEGER,
  checksum INTEGER NOT NULL,
  PRIMARY KEY (tenant_id, id),
  UNIQUE (tenant_id, email)
) STRICT;

-- Rows go when they are accepted, revoked, or replaced by another for the same address.
CREATE TABLE invitations (
  tenant_id TEXT NOT NULL REFERENCES tenants (id),
  id TEXT NOT NULL,
  -- HMAC-SHA-256 of the token, hex; the token itself is nowhere.
  hash TEXT NOT NULL UNIQUE,
  email TEXT NOT NULL,
  role TEXT NOT NULL CHECK (role IN ('owner', 'editor', 'operator', 'viewer')),
  created_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  checksum INTEGER NOT NULL,
  PRIMARY KEY (tenant_id, id),
  UNIQUE (tenant_id, email)
) STRICT;

-- Of a member, or of an admin key that opened the console. Rows go when the session ends.
CREATE TABLE sessions (
  tenant_id TEXT NOT NULL,
  id TEXT NOT NULL,
  -- HMAC-SHA-256 of the cookie, hex.
  hash TEXT NOT NULL UNIQUE,
  member_id TEXT,
  key_id TEXT,
  address TEXT NOT NULL,
  user_agent TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  -- It ends then, however much it is used.
  expires_at INTEGER NOT NULL,
  -- Not in the checksum.
  last_used_at INTEGER NOT NULL,
  checksum INTEGER NOT NULL,
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, member_id) REFERENCES members (tenant_id, id),
  FOREIGN KEY (tenant_id, key_id) REFERENCES api_keys (tenant_id, id),
  CHECK ((member_id IS NULL) <> (key_id IS NULL))
) STRICT;

CREATE INDEX sessions_member ON sessions (tenant_id, member_id, created_at);
CREATE INDEX sessions_expiry ON sessions (expires_at);

-- NULL: an owner's where the key has the scope admin, as all had before there were roles; nothing where it has not.
ALTER TABLE api_keys ADD COLUMN role TEXT CHECK (role IN ('owner', 'editor', 'operator', 'viewer'));
-- Id of the key that a rotation made in its place.
ALTER TABLE api_keys ADD COLUMN replaced_by TEXT;

CREATE TABLE audit_log (
  -- In the order of writing.
  position INTEGER PRIMARY KEY AUTOINCREMENT,
  tenant_id TEXT NOT NULL,
  at INTEGER NOT NULL,
  actor_kind TEXT NOT NULL CHECK (actor_kind IN ('member', 'key', 'system', 'nobody')),
  actor_id TEXT,
  actor_name TEXT,
  action TEXT NOT NULL,
  -- JSON object of texts.
  targets TEXT NOT NULL,
  address TEXT,
  status INTEGER,
  result TEXT NOT NULL CHECK (result IN ('done', 'refused', 'failed')),
  request_id TEXT,
  checksum INTEGER NOT NULL
) STRICT;

CREATE INDEX audit_log_tenant ON audit_log (tenant_id, position);
CREATE INDEX audit_log_actor ON audit_log (tenant_id, actor_id, position) WHERE actor_id IS NOT NULL;
CREATE INDEX audit_log_action ON audit_log (tenant_id, action, position);

CREATE TRIGGER audit_log_is_final BEFORE UPDATE ON audit_log
BEGIN
  SELECT RAISE(ABORT, 'the audit log is never changed');
END;

-- Retention takes from the beginning; nothing can be taken out of the middle.
CREATE TRIGGER audit_log_is_whole BEFORE DELETE ON audit_log
WHEN EXISTS (SELECT 1 FROM audit_log WHERE tenant_id = OLD.tenant_id AND position < OLD.position)
BEGIN
  SELECT RAISE(ABORT, 'the audit log is cut at its beginning only');
END;
