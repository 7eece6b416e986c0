import { setTimeout as sleep } from "node:timers/promises";
import type { RunDetail, RunHeader } from "@millrace/contract";
import { call, segment } from "#cli/client";
import type { Action } from "#cli/command";
import type { CliContext } from "#cli/context";
import type { Given } from "#cli/given";
import { LEVELS, type LogLine, logLines } from "#cli/log-lines";
import { listRows } from "#cli/pages";

/** Between two looks at runs that are under way. */
const PAUSE_MS = 500;

/** What the nodes of a run wrote and how they failed, or those of the newest runs, oldest first. */
export const run: Action = async (context, given) => {
  const [id] = given.arguments;
  const printed = new Printed(context, given);
  const since = String(Date.now());
  if (id !== undefined) printed.print(await detailOf(context, id));
  else for (const one of (await recent(context, given, {})).toReversed()) printed.print(await detailOf(context, one.id));
  if (!given.on("follow")) return;
  if (id === undefined) await followAll(context, given, printed, since);
  else while (!printed.isOver(id)) await again(context, id, printed);
};

/** Runs that were accepted since, for as long as the command runs. */
async function followAll(context: CliContext, given: Given, printed: Printed, since: string): Promise<never> {
  for (;;) {
    const runs = (await recent(context, given, { since })).toReversed();
    for (const { id } of runs) if (!printed.isOver(id)) printed.print(await detailOf(context, id));
    await sleep(PAUSE_MS);
  }
}

async function again(context: CliContext, id: string, printed: Printed): Promise<void> {
  await sleep(PAUSE_MS);
  printed.print(await detailOf(context, id));
}

async function recent(context: CliContext, given: Given, query: { readonly since?: string }): Promise<readonly RunHeader[]> {
  return (await listRows<RunHeader>(context, given, "/api/v1/runs", { ...query, workflow: given.text("workflow") })).data;
}

async function detailOf(context: CliContext, id: string): Promise<RunDetail> {
  return (await call(context, "GET", `/api/v1/runs/${segment(id)}`)).json as RunDetail;
}

/** Prints each line of a run once, however often the run is looked at. */
class Printed {
  readonly #context: CliContext;
  readonly #node: string | undefined;
  readonly #least: number;
  readonly #counts = new Map<string, number>();
  readonly #over = new Set<string>();

  constructor(context: CliContext, given: Given) {
    this.#context = context;
    this.#node = given.text("node");
    this.#least = LEVELS.findIndex((level) => level === (given.text("level") ?? "debug"));
  }

  isOver(id: string): boolean {
    return this.#over.has(id);
  }

  print(detail: RunDetail): void {
    for (const [place, lines] of logLines(detail)) {
      const key = `${detail.id} ${place}`;
      for (const line of lines.slice(this.#counts.get(key) ?? 0)) if (this.#isWanted(line)) this.#context.output.raw(this.#text(line));
      this.#counts.set(key, lines.length);
    }
    if (detail.status === "SUCCEED" || detail.status === "FAILED") this.#over.add(detail.id);
  }

  #isWanted({ node, level }: LogLine): boolean {
    return (this.#node === undefined || node === this.#node) && LEVELS.indexOf(level) >= this.#least;
  }

  #text(line: LogLine): string {
    const { form } = this.#context.output;
    const { at, run: id, workflow, node, level, message } = line;
    if (form === "json" || form === "yaml") return `${JSON.stringify(line)}\n`;
    if (form === "name") return `${id}\n`;
    const time = at === null ? "-" : new Date(at).toISOString();
    return form === "text"
      ? `${[time, id, workflow, node, level, message].join("\t")}\n`
      : `  ${time}  ${level.padEnd("error".length)}  ${workflow} › ${node}  ${message}\n`;
  }
}
