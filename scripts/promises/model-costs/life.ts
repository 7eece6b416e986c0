import { setTimeout as pause } from "node:timers/promises";
import type { JsonObject } from "@millrace/contract";
import { chance } from "../harness/chance.ts";
import { ADMIN_KEY, type Millrace, settingsFor, startMillrace, withDataDir } from "../harness/millrace.ts";
import { eachAtOnce, INVOKE, runIdOf, terminalAnswer } from "../harness/runs.ts";
import { Books } from "./books.ts";
import { randomWorkflow } from "./graphs.ts";
import { type ModelServers, startModelServers } from "./model-servers.ts";
import { PRICES } from "./rate-card.ts";

/** How much is tried. */
export interface Size {
  readonly graphs: number;
  readonly kills: number;
  readonly seed: number;
}

/** A run that its caller knows, with every run that it called. */
export interface EndedRun {
  readonly tag: string;
  readonly status: string;
  readonly totalTokens: number;
  readonly totalCost: number;
  /** Recorded rows of usage, of its own and of called runs, each where it was paid. */
  readonly rows: readonly UsageRow[];
}

export interface UsageRow {
  readonly model?: string;
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly credits: string;
  readonly runId?: string;
  /** Of an attempt that finished its node. */
  readonly isFinal: boolean;
}

export interface Life {
  readonly runs: readonly EndedRun[];
  /** Exact credits of each run by its tag, as `GET /api/v1/usage` sums them. */
  readonly usage: ReadonlyMap<string, string>;
  readonly books: Pick<Books, "given" | "asked">;
}

const SUBMITTED_AT_ONCE = 16;
/** Every second run is watched: its answers are streamed. */
const WATCHED = 2;
const CALLABLE = { inner: 6, outer: 6 };
const MS_BETWEEN_KILLS = { least: 200, spread: 600 };

/** The server in this folder runs random workflows and is killed while it does; then everything that was paid is read. */
export function liveAndDie(folder: string, { graphs, kills, seed }: Size): Promise<Life> {
  return withDataDir(async (dataDir) => {
    const random = chance(seed);
    const books = new Books(seed + 1);
    const models = await startModelServers(books);
    const environment = settingsFor(dataDir, { MILLRACE_EGRESS_ALLOW: models.hosts });
    const start = () => startMillrace(environment, { server: folder, quiet: true });
    let server = await start();
    try {
      const names = await prepare(server, models, random, graphs);
      const current = () => server;
      const submitted = submit(current, names);
      for (let count = 0; count < kills; count++) {
        await pause(MS_BETWEEN_KILLS.least + random() * MS_BETWEEN_KILLS.spread);
        await server.end("SIGKILL");
        await models.heard();
        books.nextLife();
        server = await start();
      }
      const accepted = await submitted;
      const runs: EndedRun[] = [];
      await eachAtOnce(accepted, SUBMITTED_AT_ONCE, async (one) => void runs.push(await endedRun(server, one)));
      return { runs, usage: await usageByUser(server), books };
    } finally {
      await server.end("SIGKILL");
      await models.close();
    }
  });
}

/** Publishes; answers the names of the workflows that are run. */
async function prepare(server: Millrace, models: ModelServers, random: () => number, graphs: number): Promise<readonly string[]> {
  for (const [name, body] of Object.entries(models.connections)) await server.manage("PUT", `/api/v1/connections/${name}`, body);
  for (const [model, price] of Object.entries(PRICES)) await server.manage("PUT", `/api/v1/prices/${encodeURIComponent(model)}`, { price });
  const deploy = (document: JsonObject) => server.manage("POST", "/api/v1/deploy", { document, publish: true });
  const made = (kind: string, count: number, callable: readonly string[]) =>
    Array.from({ length: count }, (_, at) => randomWorkflow(`${kind}${at}`, random, callable));
  const inner = made("inner", CALLABLE.inner, []);
  const outer = made("outer", CALLABLE.outer, inner.map(nameOf));
  const all = made("graph", graphs, [...inner, ...outer].map(nameOf));
  for (const document of [...inner, ...outer]) await deploy(document);
  await eachAtOnce(all, SUBMITTED_AT_ONCE, async (document) => void (await deploy(document)));
  return all.map(nameOf);
}

const nameOf = ({ name }: JsonObject) => String(name);

interface Accepted {
  readonly tag: string;
  /** Of its workflow. */
  readonly name: string;
  readonly id: string;
}

/** Runs each once, whoever is the server by then: a call that broke is made again under its key, and finds its run. */
async function submit(current: () => Millrace, names: readonly string[]): Promise<readonly Accepted[]> {
  const all: Accepted[] = [];
  await eachAtOnce(names, SUBMITTED_AT_ONCE, async (name, index) => {
    const tag = `r${index}`;
    const body = { input: { tag }, userId: tag, isAsync: true };
    for (;;) {
      const server = current();
      const sent = server.call("POST", INVOKE, { key: ADMIN_KEY, body, headers: { "Millrace-Workflow": name, "Idempotency-Key": tag } });
      const answer = await sent.catch(() => null);
      if (answer?.status === 200) {
        all.push({ tag, name, id: runIdOf(answer) });
        if (index % WATCHED === 0)
          void server.call("GET", `/v1/workflow/run/${runIdOf(answer)}/events`, { key: ADMIN_KEY }).catch(() => null);
        return;
      }
      if (answer && answer.status < 500 && answer.status !== 429) throw new Error(`${name} was refused: ${answer.text}`);
      await pause(50);
    }
  });
  return all;
}

async function endedRun(server: Millrace, { tag, name, id }: Accepted): Promise<EndedRun> {
  const { json } = await terminalAnswer(server, ADMIN_KEY, id, { "Millrace-Workflow": name });
  const { status, totalTokens, totalCost } = json;
  return { tag, status: String(status), totalTokens: Number(totalTokens), totalCost: Number(totalCost), rows: await rowsOf(server, id) };
}

/** A row that names another run is the sum of what that run paid: its own rows stand in its own journal. */
async function rowsOf(server: Millrace, id: string): Promise<readonly UsageRow[]> {
  const rows = (await journalOf(server, id)).flatMap(usageOf);
  const called = [...new Set(rows.flatMap(({ runId }) => runId ?? []))];
  const own = rows.filter(({ runId }) => runId === undefined);
  return [...own, ...(await Promise.all(called.map((other) => rowsOf(server, other)))).flat()];
}

async function journalOf(server: Millrace, id: string): Promise<readonly JsonObject[]> {
  const entries: JsonObject[] = [];
  for (let cursor = ""; ; ) {
    const page = await server.manage("GET", `/api/v1/runs/${id}/journal?limit=100${cursor}`);
    entries.push(...(page["data"] as JsonObject[]));
    if (typeof page["nextCursor"] !== "string") return entries;
    cursor = `&cursor=${encodeURIComponent(page["nextCursor"])}`;
  }
}

function usageOf({ type, usage, abandoned }: JsonObject): readonly UsageRow[] {
  const read = (rows: unknown, isFinal: boolean) => ((rows ?? []) as UsageRow[]).map((row) => ({ ...row, isFinal }));
  const dropped = ((abandoned ?? []) as JsonObject[]).flatMap((one) => read(one["usage"], false));
  return [...read(usage, type === "node-finished"), ...dropped];
}

async function usageByUser(server: Millrace): Promise<ReadonlyMap<string, string>> {
  const { data } = await server.manage("GET", "/api/v1/usage?by=user&limit=1000");
  return new Map((data as unknown as { value: string; credits: string }[]).map(({ value, credits }) => [value, credits]));
}
