import type { MetadataCondition } from "#store/knowledge-store";
import { castable, spelled } from "#store/postgres/texts";
import type { SqlPart } from "#store/sql/dialect";

/** SQL over `document.live_metadata` that is true where all conditions hold; everything that was given is bound. */
export function metadataFilter(conditions: readonly MetadataCondition[]): SqlPart {
  const parts = conditions.map(conditionSql);
  return { sql: parts.map(({ sql }) => ` AND ${sql}`).join(""), values: parts.flatMap(({ values }) => values) };
}

const VALUE = `(CAST(${castable("document.live_metadata")} AS JSONB) -> CAST(? AS TEXT))`;

/** One row a value: of a list, each element. */
const VALUES = `SELECT 1 FROM jsonb_path_query(${VALUE}, 'lax $[*]') AS member (value)`;

function conditionSql(condition: MetadataCondition): SqlPart {
  const { key } = condition;
  switch (condition.is) {
    case "there":
      return { sql: `${VALUE} IS NOT NULL`, values: [key] };
    case "not there":
      return { sql: `${VALUE} IS NULL`, values: [key] };
    case "in":
    case "not in": {
      // As JSON, which has true and 1.
      const any = condition.values.map(() => "member.value = CAST(? AS JSONB)").join(" OR ");
      const sql = `${condition.is === "in" ? "" : "NOT "}EXISTS (${VALUES} WHERE ${any || "FALSE"})`;
      return {
        sql,
        values: [
          key,
          ...condition.values.map((value) => JSON.stringify(typeof value === "string" ? spelled(value.toWellFormed()) : value)),
        ],
      };
    }
    case ">":
    case ">=":
    case "<":
    case "<=":
      return { sql: `EXISTS (${VALUES} WHERE ${comparison(condition.is, typeof condition.value)})`, values: [key, condition.value] };
    default:
      return condition satisfies never;
  }
}

/** The type is looked at first: what is no number cannot be read as one. */
function comparison(is: string, type: string): string {
  const text = "(member.value #>> '{}')";
  const compared = type === "string" ? `${text} COLLATE "C" ${is} CAST(? AS TEXT)` : `CAST(${text} AS NUMERIC) ${is} CAST(? AS NUMERIC)`;
  return `CASE WHEN jsonb_typeof(member.value) = '${type}' THEN ${compared} ELSE FALSE END`;
}
