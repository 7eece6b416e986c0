import type { Dialect } from "#store/sql/dialect";
import { metadataFilter } from "#store/sqlite/metadata-filter";
import { ftsWords } from "#store/sqlite/word-index";

export const sqliteDialect: Dialect = {
  words: ftsWords,
  joins: false,
  hasMember: (column) => `EXISTS (SELECT 1 FROM json_each(${column}) WHERE value = ?)`,
  elements: (column, member) =>
    // Most have no such member, which is seen without reading all of the JSON.
    `json_each(CASE WHEN instr(${column}, '"${member}"') > 0 AND json_type(${column}, '$.${member}') = 'array' THEN ${column} -> '$.${member}' ELSE '[]' END) AS element`,
  metadataFilter,
};
