import { metadataFilter } from "#store/postgres/metadata-filter";
import { castable } from "#store/postgres/texts";
import { wordTable } from "#store/postgres/word-index";
import type { Dialect } from "#store/sql/dialect";

export const postgresDialect: Dialect = {
  words: wordTable,
  joins: true,
  hasMember: (column) =>
    `EXISTS (SELECT 1 FROM json_each_text(CAST(${castable(column)} AS JSON)) AS member (key, value) WHERE member.value = ?)`,
  elements: (column, member) => {
    const list = `CAST(${castable(column)} AS JSONB) -> '${member}'`;
    // Most have no such member, which is seen without reading all of the JSON.
    const isThere = `strpos(${column}, '"${member}"') > 0`;
    return `LATERAL (
      SELECT CASE jsonb_typeof(each) WHEN 'string' THEN 'text' ELSE 'other' END AS type, each #>> '{}' AS value
      FROM jsonb_array_elements(CASE WHEN ${isThere} THEN CASE jsonb_typeof(${list}) WHEN 'array' THEN ${list} END END) AS list (each)
    ) AS element`;
  },
  metadataFilter,
};
