interface Refusal {
  readonly code: string;
  readonly message: string;
  readonly hint?: string;
}

const FUNCTION_HINT = "Only an argument of a call can be a function: list.map(item => item.name).";
const NO_CHANGE = "Expressions read values, they never change them.";

/** What each kind of ECMAScript syntax outside the language is called, and what to write instead. */
const REFUSED: { readonly [type: string]: readonly [name: string, hint?: string] } = {
  AssignmentExpression: ["An assignment", `${NO_CHANGE} A comparison is ==.`],
  UpdateExpression: ['"++" or "--"', NO_CHANGE],
  SequenceExpression: ["A comma between expressions"],
  NewExpression: ['"new"'],
  FunctionExpression: ["A function", FUNCTION_HINT],
  ArrowFunctionExpression: ["An arrow function outside a call's arguments", FUNCTION_HINT],
  BlockStatement: ["A function body in braces", "Write one expression: x => x.a. An object needs parentheses: x => ({a: x})."],
  ClassExpression: ["A class"],
  TaggedTemplateExpression: ["A tagged template"],
  ImportExpression: ['"import()"'],
  RegularExpression: ["A regular expression", "Use includes, startsWith, split or replaceAll with plain text."],
  BigInt: ["A big integer", "Write it in quotes, as text."],
  typeof: ['"typeof"', 'Use typeOf(value), which gives "string", "list", …'],
  void: ['"void"', "Write null."],
  delete: ['"delete"', 'Use omit(object, ["name"]).'],
  "~": ["A bitwise operator"],
  "&": ["A bitwise operator", "A logical and is &&."],
  "|": ["A bitwise operator", "A logical or is ||."],
  "^": ["A bitwise operator", "A power is Math.pow(x, y)."],
  "<<": ["A bitwise operator"],
  ">>": ["A bitwise operator"],
  ">>>": ["A bitwise operator"],
  "**": ['"**"', "A power is Math.pow(x, y)."],
  in: ['"in"', 'Use has(object, "name") or list.includes(value).'],
  instanceof: ['"instanceof"', "Use typeOf(value)."],
};

export function refusal(type: string): Refusal {
  if (type === "ThisExpression") return { code: "unknown_variable", message: 'There is no variable "this".' };
  const [name, hint] = REFUSED[type] ?? ["This syntax"];
  const code = type === "ArrowFunctionExpression" ? "function_as_value" : "unsupported_syntax";
  const message = `${name} is not part of the expression language.`;
  return hint === undefined ? { code, message } : { code, message, hint };
}
