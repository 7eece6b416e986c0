import type { JsonObject } from "@millrace/contract";
import { callableVersion } from "#called/callable-version";
import { FILE_TYPE, memberName, schemaType } from "#cli/types/schema-type";

const HEAD = "// Made by `millrace types` from the workflows of this project, for @millrace/sdk. Changes are overwritten.\n";

const FILE = `
  /** A file: where it is, or what is in it. */
  type ${FILE_TYPE} =
    | string
    | { url: string; name?: string; format?: string }
    | { base64_content: string; format: string; name?: string };
`;

/** The text of \`millrace.d.ts\`: what each workflow takes and gives, in the order of their names. */
export function typesText(documents: readonly JsonObject[]): string {
  const named = documents.map((document) => [String(document["name"]), document] as const);
  const workflows = named.toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([name, document]) => workflowType(name, document));
  const body = workflows.join("");
  const file = body.includes(FILE_TYPE) ? FILE : "";
  return `${HEAD}export {};\n\ndeclare module "@millrace/sdk" {${file}\n  interface Workflows {\n${body}  }\n}\n`;
}

function workflowType(name: string, document: JsonObject): string {
  const { description, input, output } = callableVersion(document);
  const comment = description === null ? "" : `    /** ${description.trim().replaceAll("*/", "* /").replaceAll(/\s+/g, " ")} */\n`;
  return `${comment}    ${memberName(name)}: {\n      input: ${schemaType(input, "      ")};\n      output: ${schemaType(output, "      ")};\n    };\n`;
}
