-- Requests of the run API that never became a run: the last ones of each tenant.

CREATE TABLE refused_requests (
  position INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
  tenant_id TEXT NOT NULL,
  at INTEGER NOT NULL,
  path TEXT NOT NULL,
  workflow_id TEXT,
  key_id TEXT NOT NULL,
  status INTEGER NOT NULL,
  type TEXT NOT NULL,
  message TEXT NOT NULL,
  request_id TEXT NOT NULL,
  checksum INTEGER NOT NULL
) STRICT;

CREATE INDEX refused_requests_tenant ON refused_requests (tenant_id, position);
