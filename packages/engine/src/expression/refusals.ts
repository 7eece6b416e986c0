import { type Said, say } from "@millrace/contract";

interface Refusal {
  readonly code: string;
  readonly message: Said;
  readonly hint?: Said;
}

const FUNCTION_HINT = say`Only an argument of a call can be a function: list.map(item => item.name).`;
const NO_CHANGE = say`Expressions read values, they never change them.`;

/** What each kind of ECMAScript syntax outside the language is called, and what to write instead. */
const REFUSED: { readonly [type: string]: readonly [name: Said | string, hint?: Said] } = {
  AssignmentExpression: [say`An assignment`, say`${NO_CHANGE} A comparison is ==.`],
  UpdateExpression: [say`"++" or "--"`, NO_CHANGE],
  SequenceExpression: [say`A comma between expressions`],
  NewExpression: ['"new"'],
  FunctionExpression: [say`A function`, FUNCTION_HINT],
  ArrowFunctionExpression: [say`An arrow function outside a call's arguments`, FUNCTION_HINT],
  BlockStatement: [say`A function body in braces`, say`Write one expression: x => x.a. An object needs parentheses: x => ({a: x}).`],
  ClassExpression: [say`A class`],
  TaggedTemplateExpression: [say`A tagged template`],
  ImportExpression: ['"import()"'],
  RegularExpression: [say`A regular expression`, say`Use includes, startsWith, split or replaceAll with plain text.`],
  BigInt: [say`A big integer`, say`Write it in quotes, as text.`],
  typeof: ['"typeof"', say`Use typeOf(value), which gives "string", "list", …`],
  void: ['"void"', say`Write null.`],
  delete: ['"delete"', say`Use omit(object, ["name"]).`],
  "~": [say`A bitwise operator`],
  "&": [say`A bitwise operator`, say`A logical and is &&.`],
  "|": [say`A bitwise operator`, say`A logical or is ||.`],
  "^": [say`A bitwise operator`, say`A power is Math.pow(x, y).`],
  "<<": [say`A bitwise operator`],
  ">>": [say`A bitwise operator`],
  ">>>": [say`A bitwise operator`],
  "**": ['"**"', say`A power is Math.pow(x, y).`],
  in: ['"in"', say`Use has(object, "name") or list.includes(value).`],
  instanceof: ['"instanceof"', say`Use typeOf(value).`],
};

export function refusal(type: string): Refusal {
  if (type === "ThisExpression") return { code: "unknown_variable", message: say`There is no variable "this".` };
  const [name, hint] = REFUSED[type] ?? [say`This syntax`];
  const code = type === "ArrowFunctionExpression" ? "function_as_value" : "unsupported_syntax";
  const message = say`${name} is not part of the expression language.`;
  return hint === undefined ? { code, message } : { code, message, hint };
}
