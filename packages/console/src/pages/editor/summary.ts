import { isJsonObject, type Json, type WorkflowNode } from "@millrace/contract";

/** Where the one value lies that says most of a node. */
const TELLING: Readonly<Record<string, readonly string[]>> = {
  llm: ["prompt"],
  agent: ["prompt"],
  extract: ["text"],
  intent: ["query"],
  knowledge: ["query"],
  http: ["request", "url"],
  code: ["code"],
  template: ["text"],
  database: ["sql"],
  tool: ["tool"],
  loop: ["items"],
  batch: ["items"],
  workflow: ["workflow"],
  approval: ["title"],
  signal: ["signal"],
  delay: ["forMs"],
  split: ["text"],
};

/** The member that says most of a node; undefined where none does. */
export function tellingMember(type: string): string | undefined {
  return TELLING[type]?.[0];
}

/** One line on a node before it has run; "" where there is nothing to say. */
export function summaryOf(node: WorkflowNode): string {
  if (node.type === "start") return Object.keys(propertiesOf(node)).join(", ");
  if (node.type === "end") return Object.keys((node["output"] as object | undefined) ?? {}).join(", ");
  let value: unknown = node;
  for (const step of TELLING[node.type] ?? ["none"])
    value = isJsonObject(value as Json) ? (value as Record<string, unknown>)[step] : undefined;
  if (typeof value === "number") return String(value);
  return typeof value === "string" ? value.replaceAll(/\s+/g, " ").trim().slice(0, 80) : "";
}

function propertiesOf(node: WorkflowNode): object {
  return (node["input"] as { properties?: object } | undefined)?.properties ?? {};
}
