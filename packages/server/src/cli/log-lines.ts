import type { NodeTrace, RunDetail } from "@millrace/contract";

export const LEVELS = ["debug", "info", "warn", "error"] as const;
export type Level = (typeof LEVELS)[number];

/** One line of what a run wrote. */
export interface LogLine {
  /** Epoch ms, true for the attempt that wrote it; null: it is under way. */
  readonly at: number | null;
  readonly run: string;
  readonly workflow: string;
  /** Id of the node. */
  readonly node: string;
  readonly level: Level;
  readonly message: string;
}

/** `console.log` and its like, as the sandbox writes them down: the method, a blank, the text. */
const METHODS: { readonly [method: string]: Level } = { log: "info", info: "info", warn: "warn", error: "error", debug: "debug" };

/**
 * The lines of each node, in the order in which the nodes ended. `place` is the node in one state: what it says there only ever becomes
 * more.
 */
export function logLines(detail: RunDetail): readonly (readonly [place: string, lines: readonly LogLine[]])[] {
  const nodes = detail.nodes.toSorted((a, b) => (a.endedAt ?? Number.POSITIVE_INFINITY) - (b.endedAt ?? Number.POSITIVE_INFINITY));
  return nodes.map((node) => [`${node.path} ${node.iteration?.join(".")} ${node.attempts} ${node.status}`, linesOf(detail, node)] as const);
}

function linesOf({ id: run, workflowName: workflow }: RunDetail, node: NodeTrace): LogLine[] {
  const about = { at: node.endedAt ?? null, run, workflow, node: node.nodeId };
  const failure = failureOf(node);
  const written = (node.logs ?? []).map((line): LogLine => {
    const [method = "", ...words] = line.split(" ");
    return { ...about, level: METHODS[method] ?? "info", message: words.join(" ") };
  });
  return failure === null ? written : [...written, { ...about, ...failure }];
}

/** null: no attempt of the node has failed that was not told of before. */
function failureOf({ error, status, attempts }: NodeTrace): Pick<LogLine, "level" | "message"> | null {
  if (!error || status === "RUNNING") return null;
  const message = `${error.type}: ${error.message}`;
  if (status === "FAILED") return { level: "error", message };
  return {
    level: "warn",
    message: `${message} (${status === "SUCCEED" ? `attempt ${attempts} succeeded` : `attempt ${attempts} of more`})`,
  };
}
