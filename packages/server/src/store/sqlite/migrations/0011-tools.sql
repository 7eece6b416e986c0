-- What tenants have imported for workflows to call.

CREATE TABLE tool_collections (
  tenant_id TEXT NOT NULL,
  name TEXT NOT NULL,
  -- JSON: what is shown of it in a list.
  facts TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  checksum INTEGER NOT NULL,
  PRIMARY KEY (tenant_id, name)
) STRICT, WITHOUT ROWID;

-- Apart, because they are long and lists leave them out.
CREATE TABLE tool_operations (
  tenant_id TEXT NOT NULL,
  collection TEXT NOT NULL,
  -- JSON array.
  operations TEXT NOT NULL,
  checksum INTEGER NOT NULL,
  PRIMARY KEY (tenant_id, collection)
) STRICT;
