import { canonicalText, type JsonObject } from "@millrace/contract";
import type { NodeSpecs } from "@millrace/engine";
import { Document, isScalar, type ToStringOptions, visit } from "yaml";
import { arrange } from "#workflows/format/arrange";
import { readYaml, YAML_OPTIONS } from "#workflows/read-document";

export type FileForm = "yaml" | "json";

const STYLE: ToStringOptions = {
  indent: 2,
  // A text of several lines that cannot be a block stays on one line.
  doubleQuotedMinMultiLineLength: Number.MAX_SAFE_INTEGER,
  // Collections are broken by `arrange` alone.
  lineWidth: 0,
};

/** The form by the file's name. */
export function formOf(path: string): FileForm {
  return path.endsWith(".json") ? "json" : "yaml";
}

/** A workflow file's text in canonical form; formatting that again changes nothing. Throws UnreadableDocument. */
export function formatText(text: string, form: FileForm, specs: NodeSpecs): string {
  const { parsed, value } = readYaml(text);
  if (form === "json") return jsonOf(value, specs);
  const formatted = yamlOf(parsed, specs);
  if (!isSame(readYaml(formatted).value, value)) throw new Error("formatting would change what the document means");
  return formatted;
}

/** A document as the text of a new file, in canonical form. */
export function documentText(document: JsonObject, form: FileForm, specs: NodeSpecs): string {
  return form === "json" ? jsonOf(document, specs) : yamlOf(freshYaml(document), specs);
}

/** Do they say the same, places of nodes included? */
export function isSame(left: JsonObject, right: JsonObject): boolean {
  return canonicalText(left) === canonicalText(right) && JSON.stringify(left["layout"]) === JSON.stringify(right["layout"]);
}

/** Arranges and writes it. */
export function yamlOf(document: Document, specs: NodeSpecs): string {
  arrange(document, specs);
  return document.toString(STYLE);
}

function jsonOf(value: JsonObject, specs: NodeSpecs): string {
  const document = freshYaml(value);
  arrange(document, specs);
  return `${JSON.stringify(document.toJS(), null, 2)}\n`;
}

function freshYaml(value: JsonObject): Document {
  const document = new Document(value, { ...YAML_OPTIONS, aliasDuplicateObjects: false });
  visit(document, {
    Seq: (_, list) => {
      list.flow = list.items.every((item) => isScalar(item) && !String(item.value).includes("\n"));
    },
  });
  return document;
}
