import type { Dialect } from "#store/sql/dialect";
import { metadataFilter } from "#store/sqlite/metadata-filter";
import { ftsWords } from "#store/sqlite/word-index";

export const sqliteDialect: Dialect = {
  words: ftsWords,
  joins: false,
  hasMember: (column) => `EXISTS (SELECT 1 FROM json_each(${column}) WHERE value = ?)`,
  metadataFilter,
};
