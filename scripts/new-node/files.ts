/** Folders of packages/nodes/src that are no node types. */
const TAKEN: ReadonlySet<string> = new Set(["kit", "testing"]);

/** Why the name cannot be that of a new node type; undefined when it can. */
export function nameProblem(name: string): string | undefined {
  if (!/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(name))
    return `"${name}" is no name of a node type: small letters and digits, words joined by "-"`;
  return TAKEN.has(name) ? `"${name}" is a folder of the kit` : undefined;
}

/** Path in the node's folder -> text, of a node that passes a text on. */
export function nodeFiles(name: string): ReadonlyMap<string, string> {
  return new Map([
    ["spec.ts", SPEC.replace("NAME", name)],
    ["run.ts", RUN.replace("NAME", name)],
    ["README.md", pageOf(name)],
    ["samples/text.json", json(PASSED_ON)],
    ["samples/failing-expression.json", json(FAILING)],
    ...Object.entries(LOCALES).map(([language, texts]) => [`locales/${language}.json`, json(localeOf(name, texts))] as const),
  ]);
}

function json(value: object): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}

const SPEC = `import Type from "typebox";
import { templateText } from "#kit/schema";
import { defineSpec } from "#kit/spec";

export const spec = defineSpec({
  type: "NAME",
  config: Type.Object({ text: templateText("The text to pass on.") }, { additionalProperties: false }),
  result: () => ({ fields: { text: { kind: "string" } }, open: false }),
});
`;

const RUN = `import type { Json } from "@millrace/contract";
import { textOf } from "@millrace/engine";
import { definePure } from "#kit/executor";
import { spec } from "#NAME/spec";

export const executor = definePure<{ readonly text: Json }>(spec, ({ text }) => ({ verb: "continue", output: { text: textOf(text) } }));
`;

const PASSED_ON = {
  title: "The text is passed on",
  scope: { start: { name: "Ada" } },
  config: { text: "Hello, {{ start.name }}" },
  expect: { directive: { verb: "continue", output: { text: "Hello, Ada" } } },
};

const FAILING = {
  title: "An expression that cannot work fails the node",
  scope: { start: { n: 1 } },
  config: { text: "{{ start.n.toUpperCase() }}" },
  expect: { error: { type: "expression_error", field: "/text", message: 'A number has no method "toUpperCase".' } },
};

interface LocaleTexts {
  readonly summary: string;
  readonly label: string;
  readonly help: string;
}

const LOCALES: Readonly<Record<string, LocaleTexts>> = {
  en: { summary: "Passes a text on.", label: "Text", help: "The text to pass on." },
  "zh-CN": { summary: "原样传递文本。", label: "文本", help: "要传递的文本。" },
  "zh-TW": { summary: "原樣傳遞文字。", label: "文字", help: "要傳遞的文字。" },
  ja: { summary: "テキストをそのまま渡します。", label: "テキスト", help: "渡すテキスト。" },
};

function localeOf(name: string, { summary, label, help }: LocaleTexts): object {
  const title = name.charAt(0).toUpperCase() + name.slice(1).replaceAll("-", " ");
  return { title, summary, members: { text: { label, help } } };
}

function pageOf(name: string): string {
  return `# ${name}

Passes a text on.

## Config

| Member | Type | Meaning |
|---|---|---|
| \`text\` | text with expressions | The text to pass on. |

## Result

| Field | Type | Meaning |
|---|---|---|
| \`text\` | string | The text. |

## Errors

| Type | When |
|---|---|
| \`expression_error\` | an expression cannot be evaluated |

## Example

\`\`\`yaml
format: millrace/1
name: example
nodes:
  - id: start
    type: start
    input: { type: object, properties: { name: { type: string } } }
  - id: greeting
    type: ${name}
    text: "Hello, {{ start.name }}"
  - id: end
    type: end
    text: "{{ greeting.text }}"
edges:
  - start -> greeting
  - greeting -> end
\`\`\`
`;
}
