-- Large values that a log outside of the database names by their content, for as long as their run is under way.
CREATE TABLE run_values (
  tenant_id TEXT COLLATE "C" NOT NULL,
  run_id TEXT COLLATE "C" NOT NULL,
  -- large_values.sha256
  sha256 TEXT COLLATE "C" NOT NULL,
  PRIMARY KEY (tenant_id, run_id, sha256)
);

CREATE INDEX run_values_value ON run_values (sha256);
