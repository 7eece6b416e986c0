import type { ApiDocument } from "#api/openapi.ts";

/** A line of the document in English -> the line in another language. */
export type ReferenceTexts = Readonly<Record<string, string>>;

/** Languages other than English: the document itself is in English. */
const TEXTS: Readonly<Record<string, () => Promise<{ readonly default: ReferenceTexts }>>> = {
  "zh-CN": () => import("#pages/reference/texts/api-zh-CN.json", { with: { type: "json" } }),
  "zh-TW": () => import("#pages/reference/texts/api-zh-TW.json", { with: { type: "json" } }),
  ja: () => import("#pages/reference/texts/api-ja.json", { with: { type: "json" } }),
};

export async function referenceTexts(language: string): Promise<ReferenceTexts> {
  const texts = await TEXTS[language]?.();
  return texts?.default ?? {};
}

/** The document as people of another language read it. What has no text in it, as what somebody wrote of a workflow, stays. */
export function inLanguage(document: ApiDocument, texts: ReferenceTexts): ApiDocument {
  return mapTexts(document, (line) => (Object.hasOwn(texts, line) ? (texts[line] ?? line) : line));
}

/** Members whose own members have names that somebody chose: `description` among them is no description. */
const NAMED = new Set(["paths", "schemas", "responses", "headers", "securitySchemes", "properties", "$defs", "patternProperties"]);

/** What is given as it is sent. */
const DATA = new Set(["example", "examples", "default", "const", "enum"]);

/** A workflow's own, in whatever language its builder writes. */
const OF_A_WORKFLOW = /^(?:input|output)\./;

/** The document with another text for each line of what it says of itself: the descriptions, summaries and titles of groups. */
export function mapTexts(document: ApiDocument, map: (line: string) => string): ApiDocument {
  const mapLines = (text: string) => text.split("\n").map(map).join("\n");
  const mapped = (value: unknown, isNamed: boolean): unknown => {
    if (Array.isArray(value)) return value.map((item) => mapped(item, false));
    if (typeof value !== "object" || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, isNamed ? ofName(key, inner) : ofKeyword(key, inner)]));
  };
  const ofName = (name: string, inner: unknown) => (OF_A_WORKFLOW.test(name) ? inner : mapped(inner, false));
  const ofKeyword = (key: string, inner: unknown) => {
    if (typeof inner === "string") return key === "description" || key === "summary" ? mapLines(inner) : inner;
    return DATA.has(key) ? inner : mapped(inner, NAMED.has(key));
  };
  const { tags, ...rest } = document;
  return { ...(mapped(rest, false) as ApiDocument), tags: tags.map(({ name }) => ({ name, title: map(name) })) };
}
