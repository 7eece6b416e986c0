import type { MetadataCondition, MetadataValue } from "#store/knowledge-store";
import type { SqlPart } from "#store/sql/dialect";

/** SQL over `document.live_metadata` that is true where all conditions hold; everything that was given is bound. */
export function metadataFilter(conditions: readonly MetadataCondition[]): SqlPart {
  const parts = conditions.map(conditionSql);
  return { sql: parts.map(({ sql }) => ` AND ${sql}`).join(""), values: parts.flatMap(({ values }) => values) };
}

/** One row a value: of a list, each element. */
const VALUES = "SELECT 1 FROM json_each(document.live_metadata, ?) AS member";

function conditionSql(condition: MetadataCondition): SqlPart {
  const path = `$."${condition.key}"`;
  switch (condition.is) {
    case "there":
      return { sql: "json_type(document.live_metadata, ?) IS NOT NULL", values: [path] };
    case "not there":
      return { sql: "json_type(document.live_metadata, ?) IS NULL", values: [path] };
    case "in":
    case "not in": {
      const equal = condition.values.map(equalSql);
      const any = equal.map(({ sql }) => sql).join(" OR ");
      const sql = `${condition.is === "in" ? "" : "NOT "}EXISTS (${VALUES} WHERE ${any || "0"})`;
      return { sql, values: [path, ...equal.flatMap(({ values }) => values)] };
    }
    case ">":
    case ">=":
    case "<":
    case "<=": {
      const types = typeof condition.value === "string" ? "'text'" : "'integer', 'real'";
      return {
        sql: `EXISTS (${VALUES} WHERE member.type IN (${types}) AND member.value ${condition.is} ?)`,
        values: [path, condition.value],
      };
    }
    default:
      return condition satisfies never;
  }
}

/** JSON has true and 1, SQL has 1. */
function equalSql(value: MetadataValue): SqlPart {
  if (typeof value === "boolean") return { sql: "member.type = ?", values: [String(value)] };
  const types = typeof value === "string" ? "'text'" : "'integer', 'real'";
  return { sql: `(member.type IN (${types}) AND member.value = ?)`, values: [value] };
}
