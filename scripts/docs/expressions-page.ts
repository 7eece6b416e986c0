import type { Json } from "../../packages/contract/src/json.ts";
import { CONSTANTS } from "../../packages/engine/src/expression/functions/math.ts";
import type { FunctionRow } from "../../packages/engine/src/expression/functions/row.ts";
import { signature } from "../../packages/engine/src/expression/functions/signature.ts";
import { FUNCTIONS, METHODS } from "../../packages/engine/src/expression/functions.ts";
import * as limits from "../../packages/engine/src/expression/limits.ts";
import { evaluate, evaluateTemplate } from "../../packages/engine/src/expression/testing/evaluate.ts";
import { FUNCTION_DATA as DATA, FUNCTION_TABLES } from "../../packages/engine/src/expression/testing/function-examples.ts";
import { rowsOf, type TableRow } from "../../packages/engine/src/expression/testing/table.ts";
import { FILE_KINDS } from "../../packages/engine/src/value/types.ts";
import { code, GENERATED, table } from "./markdown.ts";

/** Texts of a config, and what becomes of them; the values are computed when the page is made. */
const TEXTS = [
  "{{ list.length }}",
  "Hello {{ s }}, {{ list.length }} are new.",
  "{{ people.filter(one => one.age == 20).map(one => one.name) }}",
  "{{ people.map(one => one.name).join(', ') }}",
  "{{ o.b.c[1] }}",
  "{{ o.missing.member }}",
  "{{ o.missing ?? 'none' }}",
  "{{ n > 1000 ? 'large' : 'small' }}",
  "{{ { ...o, a: 2 } }}",
  "{{ s + '!' }}",
  "\\{{ written as it is }}",
];

const OPERATORS = [
  "1 + 2 * 3",
  "7 % 4",
  "'a' + 1",
  "{a: [1]} == {a: [1]}",
  "1 == '1'",
  "1 < 'a'",
  "nothing ?? 'else'",
  "nothing || 0 || 'last'",
  "'' && 'not reached'",
  "!nothing",
  "[...list, 4]",
];

/** Of functions whose tests have no table. */
const DATES = ["parseDate('2026-03-01T10:00:00Z')", "formatDate(1772359200000, 'YYYY-MM-DD HH:mm', 'Europe/Berlin')"];

/** docs/expressions.md: the language, and every function and method of its table with an example that its tests prove. */
export function expressionsPage(): string {
  return `${[
    "# Expressions",
    GENERATED,
    INTRODUCTION,
    `The examples of this page are over this data:\n\n\`\`\`json\n${dataText()}\n\`\`\``,
    table(
      ["Text", "Value"],
      TEXTS.map((text) => [code(text), code(json(evaluateTemplate(text, DATA)))]),
    ),
    "## Values and names",
    NAMES,
    "## Operators",
    OPERATOR_RULES,
    table(
      ["Expression", "Value"],
      OPERATORS.map((source) => [code(source), code(json(evaluate(source, DATA)))]),
    ),
    "## Functions",
    "`?` marks an argument that may be left out, `...` any number of them. A function that is given null where it needs a value gives null.",
    rowTable(FUNCTIONS),
    ...receivers().flatMap(([receiver, rows]) => [`## Methods of ${receiver}`, rowTable(rows)]),
    "## Constants",
    table(
      ["Name", "Value"],
      [...CONSTANTS].map(([name, value]) => [code(name), code(String(value))]),
    ),
    "## Types",
    `Variables of loops, \`outputs\` and \`convert\` name types: ${types().map(code).join(", ")}; absent: any. A value is converted where nothing is lost:
a text that is a number to a number, JSON text to an object or array, anything to a text. What does not fit is a \`type_error\`. null stays null.`,
    "## Limits",
    table(["What", "Limit"], LIMITS),
    "What is wrong with an expression is told when a workflow is validated, with its line, its column and what may have been meant. What fails in a run is an\n[`expression_error`](errors/expression_error.md), or [`limit_exceeded`](errors/limit_exceeded.md).",
  ].join("\n\n")}\n`;
}

const INTRODUCTION = `\`{{ … }}\` in a text of a workflow holds an expression: JavaScript's syntax over plain data, without statements, assignments and side effects. It is
evaluated by an interpreter of its own, never as code. A text that is one expression keeps the type of its value; otherwise the parts are joined.`;

const NAMES = `| Name | What it is |
|---|---|
| \`start.topic\` | the input, by the parameters of the Start node |
| \`fetch.body\` | a field of the result of a node that runs before this one, by its id; null where it was skipped |
| \`fetch.error.type\` | how a node failed, on the branch of its error |
| \`inputs.name\` | a value of the node's own \`inputs\` |
| \`item\`, \`index\` | in a loop or batch: the current item, and its number from 0; \`rows.item\` is that of an enclosing one |
| \`loop.total\` | a variable of the innermost loop |
| \`env.NAME\` | a value of the workflow's \`env\` |
| \`run.id\`, \`run.userId\`, \`run.startedAt\` | the run itself |
| \`workflow.id\`, \`workflow.name\`, \`workflow.version\` | what it is a run of |
| \`secrets.NAME\` | a [secret](secrets.md), in http nodes only |

Members are read by \`.name\`, \`?.name\`, \`["name"]\` and \`[0]\`. What is missing is null, and so is every member of null: nothing has to be guarded. There are texts,
numbers, booleans, null (\`undefined\` reads as null), lists, objects, and functions as arguments of calls: \`item => item.name\`.`;

const OPERATOR_RULES = `\`+ - * / %\`, \`== != < <= > >=\`, \`&& || ?? !\`, \`a ? b : c\`. \`==\` is strict and deep, and \`===\` the same. \`<\` compares two numbers or two texts; any other pair does not
hold. \`+\` adds numbers, or joins where one side is a text; nothing else is converted. Division by zero fails.`;

const LIMITS: readonly (readonly string[])[] = [
  ["characters of an expression", limits.MAX_SOURCE_LENGTH.toLocaleString("en")],
  ["expressions in one text", limits.MAX_EXPRESSIONS.toLocaleString("en")],
  ["nesting of an expression", limits.MAX_NESTING.toLocaleString("en")],
  ["steps of an evaluation", limits.DEFAULT_FUEL.toLocaleString("en")],
  ["bytes that an evaluation makes", limits.DEFAULT_MAX_OUTPUT_BYTES.toLocaleString("en")],
  ["nesting of a result", limits.MAX_RESULT_DEPTH.toLocaleString("en")],
];

/** A member a line. */
function dataText(): string {
  return `{\n${Object.entries(DATA)
    .map(([name, value]) => `  ${json(name)}: ${json(value)}`)
    .join(",\n")}\n}`;
}

function types(): readonly string[] {
  return [
    "any",
    "string",
    "integer",
    "number",
    "boolean",
    "object",
    "array",
    "array<string>",
    "file",
    ...FILE_KINDS.map((kind) => `file<${kind}>`),
  ];
}

function receivers(): readonly (readonly [string, readonly FunctionRow[]])[] {
  const names: readonly (readonly [FunctionRow["on"], string])[] = [
    ["any", "any value"],
    ["string", "a text"],
    ["list", "a list"],
    ["object", "an object"],
    ["number", "a number"],
    ["boolean", "a boolean"],
  ];
  const all = names.map(([on, name]) => [name, METHODS.filter((row) => row.on === on)] as const);
  return all.filter(([, rows]) => rows.length > 0);
}

function rowTable(rows: readonly FunctionRow[]): string {
  return table(
    ["", "What it gives", "Example"],
    rows.map((row) => [code(signature(row)), row.doc, exampleOf(row)]),
  );
}

const EXAMPLES: readonly TableRow[] = [...Object.values(FUNCTION_TABLES).flatMap(rowsOf), ...DATES.map(evaluated)].filter(
  ({ expected }) => !expected.startsWith("!") && expected !== "null",
);

function evaluated(source: string): TableRow {
  return { source, expected: json(evaluate(source, DATA)) };
}

/** The first row of the tests that calls it, and gives more than null. */
function exampleOf(row: FunctionRow): string {
  const example = EXAMPLES.find(({ source }) => calls(source, row));
  return example === undefined ? "" : `${code(example.source)} → ${code(example.expected)}`;
}

/** A method is called behind a dot, on a value of its kind. */
function calls(source: string, { name, on }: FunctionRow): boolean {
  if (on === null) return source.startsWith(`${name}(`);
  const at = source.indexOf(`.${name}(`);
  return at > 0 && (on === "any" || kindOf(source.slice(0, at)) === on);
}

function kindOf(source: string): string | null {
  try {
    const value = evaluate(source, DATA);
    if (Array.isArray(value)) return "list";
    return value === null ? null : typeof value;
  } catch {
    return null;
  }
}

function json(value: Json): string {
  return JSON.stringify(value);
}
