import { metadataFilter } from "#store/postgres/metadata-filter";
import { castable } from "#store/postgres/texts";
import { wordTable } from "#store/postgres/word-index";
import type { Dialect } from "#store/sql/dialect";

export const postgresDialect: Dialect = {
  words: wordTable,
  joins: true,
  hasMember: (column) =>
    `EXISTS (SELECT 1 FROM json_each_text(CAST(${castable(column)} AS JSON)) AS member (key, value) WHERE member.value = ?)`,
  metadataFilter,
};
