import type { Json } from "@millrace/contract";
import { configOf } from "#flow/expression";
import { listOf, textOf } from "#flow/json";
import { firstOutput, isArrayOf, outputsOf, type Translated } from "#flow/nodes/translated";
import { parseTemplate } from "#flow/templates";
import type { ValueReader } from "#flow/values";

const FIRST_COLUMN = "result.rows.slice(0, 1).map(r => values(r)[0])[0]";

/** Quotes around a lone `'{{name}}'`: the value is bound, so they would make a text of its placeholder. */
const QUOTED_NAME = /'(\{\{[^{}\r\n\u2028\u2029]*\}\})'/g;

/** What a connection can be called; an id of the vendor's is digits. */
const CONNECTION = /^[A-Za-z_][A-Za-z0-9_-]*$/;

/** Names in the statement are bound, never written into it: the statement is the texts between its values. */
export function translateDatabase(values: ValueReader): Translated {
  const { node } = values;
  const sql = textOf(node.param["sqlQuery"]).replace(QUOTED_NAME, "$1");
  const strings: string[] = [""];
  const bound: Json[] = [];
  for (const part of parseTemplate(sql, `${node.paramAt}.sqlQuery`, values)) {
    if ("text" in part) strings[strings.length - 1] = part.text;
    else {
      bound.push(configOf(part.value));
      strings.push("");
    }
  }
  return {
    type: "database",
    config: { ...connectionOf(node.param["databaseIds"]), sql: strings, params: bound },
    outputs: outputs(values),
  };
}

/** An id stands for the connection of its name, a number with `db_` before it. More than one is no connection, and a problem of the plan. */
function connectionOf(ids: Json | undefined): { readonly connection?: Json } {
  const names = listOf(ids)
    .map(textOf)
    .map((id) => (CONNECTION.test(id) ? id : `db_${id.replace(/[^A-Za-z0-9_-]/g, "_")}`));
  const [name, ...more] = names;
  if (name === undefined) return {};
  return { connection: more.length > 0 ? names : name };
}

function outputs({ node }: ValueReader) {
  const rows = firstOutput(node, (output) => isArrayOf(output, "object"));
  const row = firstOutput(node, ({ type }) => type.kind === "object");
  const scalar = node.outputs.length === 1 && ["string", "integer", "number", "boolean"].includes(node.outputs[0]?.type.kind ?? "");
  return outputsOf(node, (output) => {
    if (output === rows) return "result.rows";
    if (output === row) return "result.rows[0]";
    if (output.name === "rowCount") return "result.rowCount";
    return scalar ? FIRST_COLUMN : null;
  });
}
