-- What tenants say that models cost, beside the rate card that ships.

CREATE TABLE prices (
  tenant_id TEXT NOT NULL,
  -- The name of a model, or a pattern of names.
  models TEXT NOT NULL,
  -- JSON: credits for a million tokens, by what is counted.
  price TEXT NOT NULL,
  updated_at INTEGER NOT NULL,
  checksum INTEGER NOT NULL,
  PRIMARY KEY (tenant_id, models)
) STRICT, WITHOUT ROWID;
