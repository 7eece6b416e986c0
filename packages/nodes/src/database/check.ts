import { type JsonObject, type Said, say, toPointer } from "@millrace/contract";
import type { SaidProblem } from "@millrace/engine";
import type { Config } from "#database/config";
import { parseStatement } from "#database/statement";

/** The statement and its parameters fit together, and nothing is written into its text. */
export function checkStatement(config: JsonObject): readonly SaidProblem[] {
  const { sql, params = {} } = config as unknown as Config;
  if (typeof sql !== "string") return checkTexts(sql, params);
  if (sql.includes("{{"))
    return [error("template_in_sql", "/sql", say`sql takes no expressions: write :name, and name: {{ … }} in params`)];
  if (Array.isArray(params)) return [error("type_mismatch", "/params", say`params must be an object: the statement names its parameters`)];
  const { names } = parseStatement(sql);
  const missing = names.filter((name, index) => !Object.hasOwn(params, name) && names.indexOf(name) === index);
  const unused = Object.keys(params).filter((name) => !names.includes(name));
  return [
    ...missing.map((name) => error("unknown_parameter", "/sql", say`:${name} is not in params`)),
    ...unused.map((name) => error("unused_member", `/params${toPointer([name])}`, say`the statement has no :${name}`)),
  ];
}

function checkTexts(texts: readonly string[], params: NonNullable<Config["params"]>): readonly SaidProblem[] {
  if (!Array.isArray(params) && Object.keys(params).length > 0)
    return [error("type_mismatch", "/params", say`params must be a list: the statement is the texts between its values`)];
  const count = Array.isArray(params) ? params.length : 0;
  if (count === texts.length - 1) return [];
  return [
    error("type_mismatch", "/params", say`params has ${count} values, and ${texts.length} texts have ${texts.length - 1} between them`),
  ];
}

function error(code: string, path: string, message: Said): SaidProblem {
  return { code, level: "error", path, message };
}
