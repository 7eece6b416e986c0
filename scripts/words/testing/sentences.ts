import { globSync, readFileSync } from "node:fs";
import ts from "typescript";

/** Everything that the sources of these rooms `say`, as its English stands in a catalogue of words, and the file that says it first. */
export function sentencesIn(root: string, rooms: readonly string[]): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  const files = globSync(
    rooms.map((room) => `${room}/**/*.ts`),
    { cwd: root },
  ).filter((file) => !file.endsWith(".test.ts") && !file.includes("/testing/"));
  for (const file of files.toSorted()) {
    const text = readFileSync(`${root}/${file}`, "utf8");
    if (!text.includes("say`")) continue;
    for (const sentence of sentencesOf(text)) if (!found.has(sentence)) found.set(sentence, file);
  }
  return found;
}

/** As `say` would put it together. */
export function sentencesOf(source: string): readonly string[] {
  const found: string[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isTaggedTemplateExpression(node) && ts.isIdentifier(node.tag) && node.tag.text === "say") {
      const { template } = node;
      if (ts.isNoSubstitutionTemplateLiteral(template)) found.push(template.text);
      else found.push(template.head.text + template.templateSpans.map(({ literal }, index) => `{${index}}${literal.text}`).join(""));
    }
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile("source.ts", source, ts.ScriptTarget.ES2024, true));
  return found;
}
