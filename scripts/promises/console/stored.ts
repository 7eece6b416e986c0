import type { JsonObject } from "@millrace/contract";
import { start } from "../harness/documents.ts";
import type { Millrace } from "../harness/millrace.ts";
import { type Ids, NEVER_SOON } from "../harness/route-rows.ts";
import { eachAtOnce, invoke, runIdOf, terminalAnswer } from "../harness/runs.ts";
import { until } from "../harness/until.ts";

/** What stands in the addresses of the screens. */
export interface Stored extends Pick<Ids, "workflow" | "run" | "key" | "base" | "approval"> {
  readonly failed: string;
  /** Where whoever has the link decides, without a session. */
  readonly approvalLink: string;
}

const AT_ONCE = 4;

/** A node a string, which is its name, its note and its text; all of them in the texts of the rest. */
function showing(strings: readonly string[]): JsonObject {
  const all = strings.join("\n");
  const texts = strings.map(
    (text, n): JsonObject => ({ id: `text${n}`, type: "template", name: text.slice(0, 200), note: text, text: "{{ start.text }}" }),
  );
  const input = start({ text: { type: "string", title: all, description: all, examples: [all] } });
  const end = { id: "end", type: "end", output: { all: "{{ start.text }}" } };
  const edges = texts.flatMap(({ id }) => [`start -> ${String(id)}`, `${String(id)} -> end`]);
  return { format: "millrace/1", name: strings[0]?.slice(0, 80) ?? "", description: all, nodes: [input, ...texts, end], edges };
}

/** Says what it is given in its error. */
const FAILING: JsonObject = {
  format: "millrace/1",
  name: "failing",
  nodes: [
    start({ text: { type: "string" } }),
    { id: "boom", type: "code", inputs: { text: "{{ start.text }}" }, code: "console.log(inputs.text); throw new Error(inputs.text);" },
    { id: "end", type: "end", output: {} },
  ],
  edges: ["start -> boom", "boom -> end"],
};

const ASKING: JsonObject = {
  format: "millrace/1",
  name: "asking",
  nodes: [
    start({ text: { type: "string" } }),
    { id: "ask", type: "approval", title: "{{ start.text }}", message: "{{ start.text }}" },
    { id: "end", type: "end", output: {} },
  ],
  edges: ["start -> ask", "ask.approve -> end", "ask.reject -> end"],
};

/** Puts the strings into everything that takes a text and that some screen shows. */
export async function storeEverywhere(server: Millrace, strings: readonly string[]): Promise<Stored> {
  const all = strings.join("\n");
  const [shows, fails, asks] = [await server.publish(showing(strings)), await server.publish(FAILING), await server.publish(ASKING)];
  await server.manage("POST", `/api/v1/workflows/${shows.id}/publish`, { note: all.slice(0, 500) });
  const runs = { ended: "", failed: "", asked: "" };
  await eachAtOnce(strings, AT_ONCE, async (text) => {
    const one = { input: { text }, userId: text.slice(0, 64) };
    runs.ended = runIdOf(await invoke(server, shows.key, one));
    runs.failed = runIdOf(await invoke(server, fails.key, one));
    runs.asked = runIdOf(await invoke(server, asks.key, { ...one, isAsync: true }));
    await perString(server, shows.id, text);
  });
  const { workflowRunId: run } = (
    await terminalAnswer(server, shows.key, runIdOf(await invoke(server, shows.key, { input: { text: all } })))
  ).json;
  const { id: base } = await server.manage("POST", "/api/v1/knowledge", {
    name: strings[2]?.slice(0, 80) ?? "",
    description: all.slice(0, 500),
  });
  for (const text of strings)
    await server.manage("POST", `/api/v1/knowledge/${String(base)}/documents`, { name: `${text.slice(0, 60)}.md`, text });
  await until("the documents", async () => {
    const { data } = await server.manage("GET", `/api/v1/knowledge/${String(base)}/documents?limit=100`);
    return (data as { state: string }[]).every(({ state }) => state === "indexed");
  });
  const { id: key } = await server.manage("POST", "/api/v1/keys", { workflows: [shows.id], name: all.slice(0, 100) });
  const approval = await approvalOf(server, runs.asked);
  const { url } = await server.manage("POST", `/api/v1/approvals/${approval}/links`, { for: "ann@example.org" });
  const link = new URL(String(url));
  const ids = { workflow: shows.id, run: String(run), key: String(key), base: String(base), approval };
  return { ...ids, failed: runs.failed, approvalLink: `${link.pathname}${link.search}${link.hash}` };
}

async function perString(server: Millrace, workflow: string, text: string): Promise<void> {
  await server.manage("POST", "/api/v1/keys", { workflows: [workflow], name: text.slice(0, 100) });
  await server.manage("POST", "/api/v1/schedules", { workflow, cron: NEVER_SOON, name: text.slice(0, 100), input: { text } });
  await server.manage("POST", "/api/v1/hooks", { workflow, name: text.slice(0, 100) });
}

async function approvalOf(server: Millrace, run: string): Promise<string> {
  let id = "";
  await until("the approval", async () => {
    const { data } = await server.manage("GET", `/api/v1/approvals?run=${run}`);
    id = (data as { id: string }[])[0]?.id ?? "";
    return id !== "";
  });
  return id;
}
