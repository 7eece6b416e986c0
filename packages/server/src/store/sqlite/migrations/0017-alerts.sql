-- Rules that tell of what goes wrong, and what they told.

CREATE TABLE alerts (
  tenant_id TEXT NOT NULL REFERENCES tenants (id),
  id TEXT NOT NULL,
  -- JSON: what people set.
  definition TEXT NOT NULL,
  enabled INTEGER NOT NULL CHECK (enabled IN (0, 1)),
  state TEXT NOT NULL CHECK (state IN ('ok', 'firing')),
  fired_at INTEGER,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  checksum INTEGER NOT NULL,
  PRIMARY KEY (tenant_id, id)
) STRICT;

CREATE TABLE alert_events (
  tenant_id TEXT NOT NULL,
  -- UUIDv7; the delivery that tells of it has it in place of a run's.
  id TEXT NOT NULL,
  alert_id TEXT NOT NULL,
  type TEXT NOT NULL CHECK (type IN ('fired', 'recovered')),
  at INTEGER NOT NULL,
  figure REAL,
  text TEXT NOT NULL,
  checksum INTEGER NOT NULL,
  PRIMARY KEY (tenant_id, id)
) STRICT, WITHOUT ROWID;

CREATE INDEX alert_events_alert ON alert_events (tenant_id, alert_id, id);

-- A delivery of an alert has its body with it; that of a run is made from the run.
ALTER TABLE deliveries ADD COLUMN alert_id TEXT;
ALTER TABLE deliveries ADD COLUMN body TEXT CHECK ((body IS NULL) = (alert_id IS NULL));
