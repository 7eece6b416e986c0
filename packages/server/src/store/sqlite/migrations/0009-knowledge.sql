-- Knowledge bases: documents, the passages that they are cut into, and what finds these.

CREATE TABLE knowledge_bases (
  tenant_id TEXT NOT NULL REFERENCES tenants (id),
  id TEXT NOT NULL,
  -- The words of its passages begin with it in the index, so that each base has frequencies of its own.
  number INTEGER NOT NULL UNIQUE,
  name TEXT NOT NULL,
  -- JSON object.
  settings TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  checksum INTEGER NOT NULL,
  PRIMARY KEY (tenant_id, id),
  UNIQUE (tenant_id, name)
) STRICT;

CREATE TABLE knowledge_documents (
  tenant_id TEXT NOT NULL,
  id TEXT NOT NULL,
  base_id TEXT NOT NULL,
  name TEXT NOT NULL,
  -- JSON object: media type, URL.
  origin TEXT NOT NULL,
  -- JSON object, of the newest revision.
  metadata TEXT NOT NULL,
  revision INTEGER NOT NULL,
  -- NULL: none of its passages is found yet.
  live_revision INTEGER,
  -- JSON object, of the live revision: what filters read.
  live_metadata TEXT,
  state TEXT NOT NULL CHECK (state IN ('waiting', 'indexed', 'failed')),
  error TEXT,
  bytes INTEGER NOT NULL,
  characters INTEGER NOT NULL,
  -- Passages of the newest revision: those that are there, and NULL until it is known how many there are.
  done INTEGER NOT NULL,
  total INTEGER,
  -- JSON object: tokens and credits of its vectors, all revisions together.
  usage TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  indexed_at INTEGER,
  checksum INTEGER NOT NULL,
  PRIMARY KEY (tenant_id, id),
  UNIQUE (tenant_id, base_id, name),
  FOREIGN KEY (tenant_id, base_id) REFERENCES knowledge_bases (tenant_id, id)
) STRICT;

CREATE INDEX knowledge_documents_waiting ON knowledge_documents (updated_at) WHERE state = 'waiting';

-- As they were sent; the one of the newest revision stays, so that it can be indexed again.
CREATE TABLE knowledge_contents (
  tenant_id TEXT NOT NULL,
  document_id TEXT NOT NULL,
  revision INTEGER NOT NULL,
  content BLOB NOT NULL,
  checksum INTEGER NOT NULL,
  PRIMARY KEY (tenant_id, document_id, revision)
) STRICT;

CREATE TABLE knowledge_passages (
  -- Names it in the index of words and among the vectors.
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  tenant_id TEXT NOT NULL,
  base_id TEXT NOT NULL,
  document_id TEXT NOT NULL,
  revision INTEGER NOT NULL,
  -- In its document, from 0.
  position INTEGER NOT NULL,
  text TEXT NOT NULL,
  -- JSON object: page, headings.
  place TEXT NOT NULL,
  checksum INTEGER NOT NULL,
  UNIQUE (tenant_id, document_id, revision, position)
) STRICT;

-- 32-bit floats, little-endian, of length 1. Apart from the passages: a search reads all of a base.
CREATE TABLE knowledge_vectors (
  passage_id INTEGER PRIMARY KEY,
  tenant_id TEXT NOT NULL,
  base_id TEXT NOT NULL,
  document_id TEXT NOT NULL,
  revision INTEGER NOT NULL,
  vector BLOB NOT NULL
) STRICT;

CREATE INDEX knowledge_vectors_base ON knowledge_vectors (tenant_id, base_id, passage_id);

-- Words, parted by spaces before they come here; only their index is kept. ASCII endings of inflected words are cut off.
CREATE VIRTUAL TABLE knowledge_words USING fts5 (words, content = '', contentless_delete = 1, tokenize = 'porter ascii');

-- Documents that have passages or contents of revisions that are neither live nor the newest.
CREATE TABLE knowledge_leftovers (
  tenant_id TEXT NOT NULL,
  document_id TEXT NOT NULL,
  PRIMARY KEY (tenant_id, document_id)
) STRICT, WITHOUT ROWID;
