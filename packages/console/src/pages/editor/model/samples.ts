import { type Json, memberAt, type WorkflowDocument } from "@millrace/contract";
import { DocumentScopes } from "@millrace/engine";
import { nodeSpecs } from "@millrace/nodes/specs";

/** Node id -> what it gave in the run that samples are taken from. */
export type Samples = ReadonlyMap<string, Json>;

const LONGEST = 120;

/** What `fetch.body` was, in a line; null where the run has nothing of it. */
export function sampleOf(samples: Samples, expression: string): string | null {
  const [root = "", ...path] = expression.split(".");
  const sample = samples.get(root);
  const value = sample === undefined ? undefined : memberAt(sample, path);
  return value === undefined ? null : inLine(value);
}

/** As JSON, shortened. */
export function inLine(value: Json): string {
  const text = JSON.stringify(value);
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text;
}

/** What a text of the node reads of others, as it would be written there, with its type. */
export function readIn(text: string, node: string, document: WorkflowDocument) {
  const legal = new DocumentScopes(document, nodeSpecs).references(node, "");
  return legal.filter(({ expression }) => expression.includes(".") && text.includes(expression));
}
