import type { WorkflowDocument } from "@millrace/contract";

/** A document with each kind of reference: conditions, templates, an input of code, a loop's body, the edges' two forms. */
export const NEWS: WorkflowDocument = {
  format: "millrace/1",
  name: "news",
  concurrency: { limit: 2, key: "{{ start.topic }}" },
  nodes: [
    { id: "start", type: "start", input: { type: "object", properties: { topic: { type: "string" }, urls: { type: "array" } } } },
    { id: "fetch", type: "http", request: { url: "https://example.com/{{ start.topic }}" } },
    {
      id: "check",
      type: "condition",
      cases: [{ port: "yes", rows: [{ left: "{{ fetch.status }}", op: "eq", right: 200 }] }],
    },
    { id: "shape", type: "code", inputs: { body: "{{ fetch.body }}" }, code: "return { fetch: inputs.body };" },
    {
      id: "each",
      type: "loop",
      items: "{{ start.urls }}",
      collect: "{{ page.body }}",
      body: {
        nodes: [
          { id: "page", type: "http", request: { url: "{{ item }}?n={{ fetch.status }}" } },
          { id: "done", type: "next" },
        ],
        edges: ["page -> done"],
      },
    },
    { id: "summary", type: "template", text: "{{ fetch.body }} and {{ each.items.map(fetch => fetch) }}" },
    { id: "end", type: "end", output: { text: "{{ summary.text }}", shaped: "{{ shape }}" } },
    { id: "other", type: "end", output: {} },
  ],
  edges: [
    "start -> fetch",
    "fetch -> check",
    "check.yes -> shape",
    { from: "check", port: "else", to: "other" },
    "shape -> each",
    "each -> summary",
    "summary -> end",
  ],
  layout: { start: [0, 0], fetch: [300, 0], "each/page": [40, 90] },
} as unknown as WorkflowDocument;
