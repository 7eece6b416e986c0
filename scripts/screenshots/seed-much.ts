import type { JsonObject } from "@millrace/contract";
import { type Caller, callerOf } from "./call.ts";
import { ADMIN_KEY, OWNER } from "./seed.ts";

// Everything that has a name, with one of eighty characters: in letters that nothing breaks, and in a script without spaces. And many of it.

const LENGTH = 80;
const LATIN = "quarterlyReconciliationOfTheMunicipalWaterworksLedgerWithEveryBankStatementOf2026".slice(0, LENGTH);
const CJK =
  "地方自治体の水道事業会計における四半期ごとの銀行口座明細との照合および差異の自動検出と担当者への通知ならびに監査証跡の保存を行うための業務処理手順書（令和八年度改訂版）".slice(
    0,
    LENGTH,
  );
const NAMES = [LATIN, CJK];

/** Of each kind that is listed. */
const MANY = 60;

/** Ids that addresses of pages need. */
export interface SeededMuch {
  readonly workflow: string;
  readonly run: string;
  readonly base: string;
}

interface Deployed {
  readonly workflowId: string;
  readonly workflowName: string;
}

/** @returns the workflows that a history is to be of, with what addresses need */
export async function seedMuch(origin: string): Promise<{ readonly seeded: SeededMuch; readonly workflows: readonly Deployed[] }> {
  const caller = callerOf(origin, ADMIN_KEY);
  await caller.admit(OWNER, "owner", LATIN);
  const workflows: Deployed[] = [];
  for (const name of [...NAMES, ...numbered("workflow", MANY)]) workflows.push(await deploy(caller, name));
  const run = await runs(caller);
  return { seeded: { workflow: workflows[1]?.workflowId ?? "", run, base: await things(caller) }, workflows };
}

const numbered = (word: string, count: number) => Array.from({ length: count }, (_, n) => `${word} ${String(n + 1).padStart(3, "0")}`);

async function deploy({ call }: Caller, name: string): Promise<Deployed> {
  const { workflows } = await call("POST", "/api/v1/deploy", { document: NAMES.includes(name) ? long(name) : short(name), publish: true });
  const [made] = workflows as unknown as readonly { readonly id: string }[];
  return { workflowId: made?.id ?? "", workflowName: name };
}

const short = (name: string): JsonObject => ({
  format: "millrace/1",
  name,
  nodes: [
    { id: "start", type: "start", input: { type: "object", properties: {} } },
    { id: "end", type: "end", output: {} },
  ],
  edges: ["start -> end"],
});

/** Every name in it is as long as its own: of its nodes, its parameters, its ports and what it asks people. */
function long(name: string): JsonObject {
  const input = { type: "object", properties: { [LATIN.slice(0, 60)]: { type: "string", description: name } } };
  return {
    ...short(name),
    description: `${name}. ${name}.`,
    nodes: [
      { id: "start", type: "start", name, input },
      { id: "pick", type: "condition", name, cases: [{ port: "of-some-length", when: "{{ true }}" }] },
      { id: "write", type: "template", name, text: name.repeat(4) },
      { id: "ask", type: "approval", name, title: name, message: name.repeat(3) },
      { id: "end", type: "end", name, output: { [LATIN]: "{{ write.text }}" } },
    ],
    edges: [
      "start -> pick",
      "pick.of-some-length -> write",
      "pick.else -> write",
      "write -> ask",
      "ask.approve -> end",
      "ask.reject -> end",
    ],
  };
}

/** Runs that wait for a person, by a key with a long name. */
async function runs({ call }: Caller): Promise<string> {
  let last = "";
  for (const name of NAMES) {
    const { key } = await call("POST", "/api/v1/keys", { name, workflows: [name], scopes: ["invoke", "query"] });
    const body = { input: {}, userId: LATIN, isAsync: true, webhook: [{ method: "POST", url: `http://127.0.0.1:9/${LATIN}` }] };
    last = String((await call("POST", "/v1/workflow/invoke", body, String(key)))["workflowRunId"]);
  }
  return last;
}

/** What else has a name; the id of a knowledge base. */
async function things({ call }: Caller): Promise<string> {
  for (const name of numbered("key", MANY)) await call("POST", "/api/v1/keys", { name, workflows: [LATIN], scopes: ["invoke"] });
  for (const name of numbered("member", MANY)) {
    await call("POST", "/api/v1/invitations", { email: `${name.replace(" ", ".")}.${LATIN.slice(0, 40)}@example.com`, role: "viewer" });
  }
  const ids: string[] = [];
  for (const name of NAMES) {
    const { id } = await call("POST", "/api/v1/knowledge", { name, description: name });
    ids.push(String(id));
    await call("POST", `/api/v1/knowledge/${String(id)}/documents`, { name: `${name}.md`, text: `# ${name}\n\n${name}` });
    const channel = { kind: "webhook", url: `http://127.0.0.1:9/${LATIN}` };
    await call("POST", "/api/v1/alerts", { kind: "error_count", name, workflow: name, channel });
    await call("PUT", "/api/v1/budgets", { workflow: name, period: "month", timeZone: "UTC", credits: "123456789.1234" });
  }
  for (const name of numbered("document", MANY)) {
    await call("POST", `/api/v1/knowledge/${ids[1] ?? ""}/documents`, { name: `${name}.md`, text: `# ${name}` });
  }
  await call("PUT", `/api/v1/secrets/${LATIN.slice(0, 64).toUpperCase()}`, { value: "not-a-real-token" });
  await call("PUT", `/api/v1/connections/${LATIN.slice(0, 60).toLowerCase()}`, {
    provider: "openai",
    credential: { type: "bearer", value: "sk-not-a-real-key" },
  });
  return ids[1] ?? "";
}
