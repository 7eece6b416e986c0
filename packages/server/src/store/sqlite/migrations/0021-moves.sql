-- Tables that are being moved here from another store, or have been. As long as there are any, the data is not whole.
CREATE TABLE moves (
  table_name TEXT NOT NULL PRIMARY KEY,
  -- Where its rows come from.
  origin TEXT NOT NULL,
  -- JSON array: the key of the last row that is here; NULL: none is yet.
  last_key TEXT,
  moved INTEGER NOT NULL,
  done INTEGER NOT NULL CHECK (done IN (0, 1))
) STRICT, WITHOUT ROWID;
