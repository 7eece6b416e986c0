-- Attempts that are under way, or wait to be, under a limit of their node; the lane is a SHA-256, hex. Nothing of it is moved to another store.
CREATE TABLE node_turns (
  lane TEXT COLLATE "C" NOT NULL,
  tenant_id TEXT COLLATE "C" NOT NULL,
  run_id TEXT COLLATE "C" NOT NULL,
  path TEXT COLLATE "C" NOT NULL,
  attempt BIGINT NOT NULL,
  -- The process that the attempt is in.
  owner TEXT COLLATE "C" NOT NULL,
  -- Which of the process's turns it is.
  turn BIGINT NOT NULL,
  -- 1: it is under way.
  held BIGINT NOT NULL,
  -- The lane is served round by round: each run has one attempt in a round.
  round BIGINT NOT NULL,
  asked BIGINT GENERATED ALWAYS AS IDENTITY,
  PRIMARY KEY (lane, run_id, path, attempt)
);

CREATE INDEX node_turns_next ON node_turns (lane, held, round, asked);
