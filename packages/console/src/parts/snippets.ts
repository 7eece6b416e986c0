import type { JsonObject } from "@millrace/contract";

export const TOOLS = ["curl", "typescript", "python", "cli"] as const;
export type Tool = (typeof TOOLS)[number];

export const MODES = ["sync", "async", "webhook"] as const;
export type Mode = (typeof MODES)[number];

/** Where the snippets send webhooks: `millrace webhooks listen http://localhost:3000` forwards there what comes. */
export const RECEIVER = "http://localhost:3000";

export interface SnippetOf {
  /** Of this server: https://millrace.example.com */
  readonly origin: string;
  readonly workflow: string;
  /** Fits the Start node. */
  readonly input: JsonObject;
  /** The key itself, where it was made on this page; null: it is read from MILLRACE_API_KEY. */
  readonly key: string | null;
}

/** A program, or commands, that work when they are pasted. */
export function snippet(tool: Tool, mode: Mode, given: SnippetOf): string {
  return WRITERS[tool](mode, given);
}

const WRITERS: Readonly<Record<Tool, (mode: Mode, given: SnippetOf) => string>> = {
  curl: writeCurl,
  typescript: writeTypeScript,
  python: writePython,
  cli: writeCli,
};

function bodyOf(mode: Mode, input: JsonObject): JsonObject {
  return {
    input,
    userId: "user-1",
    ...(mode !== "sync" && { isAsync: true }),
    ...(mode === "webhook" && { webhook: [{ method: "POST", url: RECEIVER }] }),
  };
}

/** In single quotes of a shell. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}

function writeCurl(mode: Mode, { origin, input, key }: SnippetOf): string {
  return [
    `curl -X POST ${origin}/v1/workflow/invoke \\`,
    `  -H "Authorization: Bearer ${key ?? "$MILLRACE_API_KEY"}" \\`,
    '  -H "Content-Type: application/json" \\',
    `  -d ${quoted(JSON.stringify(bodyOf(mode, input)))}`,
  ].join("\n");
}

/** JSON in the middle of a program: the lines after the first are indented. */
function json(value: unknown, indent: string): string {
  return JSON.stringify(value, null, 2).replaceAll("\n", `\n${indent}`);
}

function writeTypeScript(mode: Mode, { origin, workflow, input, key }: SnippetOf): string {
  const options =
    mode === "webhook" ? `{ userId: "user-1", webhook: [{ method: "POST", url: ${JSON.stringify(RECEIVER)} }] }` : '{ userId: "user-1" }';
  const call = `(${json(input, "")}, ${options})`;
  const workflows = `millrace.workflows(${JSON.stringify(workflow)})`;
  return [
    "// npm install @millrace/sdk",
    'import { Client } from "@millrace/sdk";',
    "",
    `const millrace = new Client({ endpoint: ${JSON.stringify(origin)}${key === null ? "" : `, apiKey: ${JSON.stringify(key)}`} });`,
    ...(mode === "sync"
      ? [`const run = await ${workflows}.invoke${call};`, "console.log(run.output);"]
      : [
          `const handle = await ${workflows}.start${call};`,
          "console.log(handle.workflowRunId);",
          "const run = await handle.wait();",
          "console.log(run.output);",
        ]),
  ].join("\n");
}

function writePython(mode: Mode, { origin, input, key }: SnippetOf): string {
  const wait = [
    "",
    'while run["status"] not in ("SUCCEED", "FAILED"):',
    "    time.sleep(0.5)",
    '    run = call("/v1/workflow/query/result", {"workflowRunId": run["workflowRunId"]})',
    "",
    'print(run["status"], run.get("output"))',
  ];
  return [
    "import json",
    ...(key === null ? ["import os"] : []),
    "import time",
    "import urllib.request",
    "",
    `KEY = ${key === null ? 'os.environ["MILLRACE_API_KEY"]' : JSON.stringify(key)}`,
    "",
    "",
    "def call(path, body):",
    "    request = urllib.request.Request(",
    `        ${JSON.stringify(origin)} + path,`,
    "        data=json.dumps(body).encode(),",
    '        headers={"Authorization": f"Bearer {KEY}", "Content-Type": "application/json"},',
    "    )",
    "    with urllib.request.urlopen(request) as answer:",
    "        return json.load(answer)",
    "",
    "",
    `run = call("/v1/workflow/invoke", json.loads(${pythonText(JSON.stringify(bodyOf(mode, input)))}))`,
    'print(run["workflowRunId"])',
    ...wait,
  ].join("\n");
}

/** A Python string: JSON's escapes are Python's too. */
function pythonText(text: string): string {
  return JSON.stringify(text);
}

function writeCli(mode: Mode, { origin, workflow, input, key }: SnippetOf): string {
  const more = mode === "sync" ? "" : mode === "async" ? " --async" : ` --async --webhook ${RECEIVER}`;
  return [
    ...(key === null ? [] : [`export MILLRACE_API_KEY=${key}`]),
    `npx millrace invoke ${quoted(workflow)} --input ${quoted(JSON.stringify(input))} --user user-1${more} --endpoint ${origin}`,
  ].join("\n");
}
