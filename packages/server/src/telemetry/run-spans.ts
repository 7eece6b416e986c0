import { containerOf, type Entry, type GraphPlan, nodeOfPath, prefixOf, type RunAccepted } from "@millrace/engine";
import type { RunRow } from "#store/store";
import { type Attributes, SPAN_KIND, type Span } from "#telemetry/span";
import { contextOfRun, parseTraceparent, type Sampling, spanIdOf } from "#telemetry/trace-context";

interface Attempt {
  readonly number: number;
  readonly startedAt: number;
}

/** The error of an attempt that was lost in a crash and begun anew. */
const INTERRUPTED = "interrupted";

/** Folds the journal of one run into its spans: the run, and each attempt of a node. Memory: what is under way at once, and failed paths. */
export class RunSpans {
  readonly #accepted: RunAccepted & { readonly at: number };
  readonly #run: RunRow;
  readonly #root: GraphPlan;
  readonly #traceId: string;
  readonly #spanId: string;
  readonly #open = new Map<string, Attempt>();
  /** Number of the last attempt of a node that failed. */
  readonly #failed = new Map<string, number>();

  constructor(root: GraphPlan, run: RunRow, accepted: RunAccepted & { readonly at: number }, sampling: Sampling) {
    const { traceId, spanId } = contextOfRun(accepted, sampling);
    this.#root = root;
    this.#run = run;
    this.#accepted = accepted;
    this.#traceId = traceId;
    this.#spanId = spanId;
  }

  /** The spans that end with this entry. */
  of(entry: Entry): readonly Span[] {
    if (entry.reused) return NONE;
    switch (entry.type) {
      case "node-started":
        return this.#started(entry.path, entry.attempt, entry.at);
      case "timer-set":
      case "signal-awaited":
      case "question-asked":
        if (!this.#open.has(entry.path)) this.#open.set(entry.path, { number: this.#next(entry.path), startedAt: entry.at });
        return NONE;
      case "node-finished": {
        const span = this.#ended(entry.path, this.#next(entry.path), entry.at);
        this.#failed.delete(entry.path);
        return [span];
      }
      case "node-failed":
        this.#failed.set(entry.path, entry.attempt);
        return [this.#ended(entry.path, entry.attempt, entry.at, entry.error.type)];
      case "run-finished":
        return this.#finished(entry.at, entry.error?.type);
      default:
        return NONE;
    }
  }

  #next(path: string): number {
    return this.#open.get(path)?.number ?? (this.#failed.get(path) ?? 0) + 1;
  }

  #started(path: string, attempt: number, at: number): readonly Span[] {
    const lost = this.#open.get(path);
    const spans = lost ? [this.#ended(path, lost.number, at, INTERRUPTED)] : NONE;
    this.#open.set(path, { number: attempt, startedAt: at });
    return spans;
  }

  /** A node that begins and ends in one entry takes no time that the journal knows of. */
  #ended(path: string, number: number, at: number, errorType?: string): Span {
    const attempt = this.#open.get(path) ?? { number, startedAt: at };
    this.#open.delete(path);
    const node = nodeOfPath(this.#root, path);
    return {
      traceId: this.#traceId,
      spanId: spanIdOf(this.#run.id, path, attempt.number),
      parentSpanId: this.#parentOf(path),
      name: node ? `${node.type} ${node.id}` : path,
      kind: SPAN_KIND.internal,
      startedAt: attempt.startedAt,
      endedAt: at,
      attributes: {
        "millrace.run.id": this.#run.id,
        "millrace.node.id": node?.id,
        "millrace.node.type": node?.type,
        "millrace.node.path": path,
        "millrace.node.attempt": attempt.number,
      },
      errorType,
    };
  }

  /** The attempt of the container around the node; the run. */
  #parentOf(path: string): string {
    const container = containerOf(prefixOf(path));
    if (!container) return this.#spanId;
    return spanIdOf(this.#run.id, container.path, this.#open.get(container.path)?.number ?? 1);
  }

  /** What was under way when the run ended was dropped. Innermost first: their containers are still known. */
  #finished(at: number, errorType: string | undefined): readonly Span[] {
    const dropped = [...this.#open].toReversed().map(([path, { number }]) => this.#ended(path, number, at, "cancelled"));
    const { id, keyId, workflowId, workflowName, version, status, origin } = this.#run;
    const attributes: Attributes = {
      "millrace.run.id": id,
      "millrace.run.status": status,
      "millrace.run.trigger": origin?.trigger ?? "api",
      "millrace.workflow.id": workflowId,
      "millrace.workflow.name": workflowName,
      "millrace.workflow.version": version,
    };
    const run: Span = {
      traceId: this.#traceId,
      spanId: this.#spanId,
      parentSpanId: parseTraceparent(this.#accepted.traceparent)?.spanId,
      name: `run ${workflowName}`,
      // A key asked for it, or something of this server's own did.
      kind: keyId === null || origin?.trigger === "workflow" ? SPAN_KIND.internal : SPAN_KIND.server,
      startedAt: this.#accepted.at,
      endedAt: at,
      attributes,
      errorType,
    };
    return [...dropped, run];
  }
}

const NONE: readonly Span[] = [];
