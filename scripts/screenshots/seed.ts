import type { JsonObject } from "@millrace/contract";
import { type Caller, callerOf } from "./call.ts";
import { SCRATCH, WORKFLOWS } from "./workflows.ts";

// Everything that a page can list, made through the management API as people would make it.

export const ADMIN_KEY = `mr_${"s".repeat(40)}`;
export const OWNER = { email: "ada@example.com", password: "a long sentence for pictures" };
export const VIEWER = { email: "vera@example.com", password: "a long sentence to look only" };

/** Ids that addresses of pages need. */
export interface Seeded {
  readonly news: string;
  readonly run: string;
  readonly failed: string;
  readonly waiting: string;
  readonly base: string;
  /** A draft in which pictures may be written. */
  readonly scratch: string;
}

export async function seed(origin: string): Promise<Seeded> {
  const { call, admit } = callerOf(origin, ADMIN_KEY);
  await admit(OWNER, "owner", "Ada");
  await admit(VIEWER, "viewer", "Vera");
  await call("POST", "/api/v1/invitations", { email: "grace@example.com", role: "operator" });
  await call("PUT", "/api/v1/secrets/CRM_TOKEN", { value: "not-a-real-token" });
  await call("PUT", "/api/v1/connections/openai", {
    provider: "openai",
    credential: { type: "bearer", value: "sk-not-a-real-key" },
  });
  const base = await knowledge(call);
  const runs = new Map<string, string[]>();
  const ids = new Map<string, string>();
  for (const { document, published, inputs } of WORKFLOWS) {
    const { workflows } = await call("POST", "/api/v1/deploy", { document, publish: published });
    const [made] = workflows as unknown as readonly { readonly id: string }[];
    ids.set(document.name, made?.id ?? "");
    if (published) runs.set(document.name, await runsOf(call, document.name, inputs));
  }
  const news = ids.get("todayNews") ?? "";
  await publishAnother(call, news);
  await call("PUT", "/api/v1/budgets", { workflow: news, period: "month", timeZone: "UTC", credits: "500" });
  const channel = { kind: "webhook", url: "http://127.0.0.1:9/hook" };
  for (const kind of ["failure_rate", "error_count"]) await call("POST", "/api/v1/alerts", { kind, channel });
  const at = (name: string, index: number) => runs.get(name)?.[index] ?? "";
  return {
    news,
    run: at("todayNews", 0),
    failed: at("ledger-of-the-municipal-waterworks-import", 1),
    waiting: at("approveRefund", 0),
    base,
    scratch: ids.get(SCRATCH) ?? "",
  };
}

type Call = Caller["call"];

async function knowledge(call: Call): Promise<string> {
  const { id } = await call("POST", "/api/v1/knowledge", { name: "Handbook", description: "What callers ask about most." });
  const base = String(id);
  await call("POST", `/api/v1/knowledge/${base}/documents`, {
    name: "refunds.md",
    text: `# Refunds\n\n${"Refunds are paid within a week, to the card that paid. ".repeat(40)}`,
  });
  await call("POST", `/api/v1/knowledge/${base}/documents`, { name: "scan.pdf", base64: Buffer.from("no pdf at all").toString("base64") });
  return base;
}

/** Runs by a key of the workflow's own; the first is asynchronous and has a receiver that is refused. */
async function runsOf(call: Call, name: string, inputs: readonly JsonObject[]): Promise<string[]> {
  const { key } = await call("POST", "/api/v1/keys", { name: `production of ${name}`, workflows: [name], scopes: ["invoke", "query"] });
  const ids: string[] = [];
  for (const [index, input] of inputs.entries()) {
    const receiver = { isAsync: true, webhook: [{ method: "POST", url: "http://127.0.0.1:9/hook" }] };
    const waits = name === "approveRefund";
    const body = { input, userId: `u${index + 1}`, ...(index === 0 ? receiver : waits ? { isAsync: true } : {}) };
    const { workflowRunId } = await call("POST", "/v1/workflow/invoke", body, String(key));
    ids.push(String(workflowRunId));
  }
  return ids;
}

/** Versions to compare: two words changed, a node moved. */
async function publishAnother(call: Call, workflow: string): Promise<void> {
  const { document, revision } = (await call("GET", `/api/v1/workflows/${workflow}`)) as unknown as {
    document: { nodes: { id: string; text?: string }[] };
    revision: number;
  };
  const nodes = document.nodes.map((node) => (node.id === "refuse" ? { ...node, text: "{{ start.topic }} is too long." } : node));
  const saved = await call("PUT", `/api/v1/workflows/${workflow}/draft`, { document: { ...document, nodes }, ifRevision: revision });
  await call("POST", `/api/v1/workflows/${workflow}/publish`, { note: "Shorter refusal", ifRevision: saved["revision"] as number });
}
