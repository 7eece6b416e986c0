import { nodeOfPath, type Plan } from "@millrace/engine";
import type { Clock } from "#clock";
import { Bell } from "#runs/bell";
import { HeldPieces } from "#runs/held-pieces";
import { type NameNode, type PresentedEvent, presentEvent, presentPiece } from "#runs/present-event";
import { presentRun } from "#runs/present-run";
import type { Runtime, ShownPiece } from "#runtime/runtime";
import type { RunRow, Store } from "#store/store";
import type { VersionCache } from "#workflows/version-cache";

export interface FollowRunPorts {
  readonly store: Store;
  readonly runtime: Runtime;
  readonly versions: VersionCache;
  readonly clock: Clock;
}

export interface FollowOptions {
  readonly tenantId: string;
  /** Number of the first entry that is wanted. */
  readonly from: number;
  /** After so long without an event, null is given: a sign of life. */
  readonly quietMs: number;
  /** Ends the following, wherever it is. */
  readonly signal: AbortSignal;
}

export interface RunEvent extends PresentedEvent {
  /** Number of its entry in the journal; absent: it has none, and is not given again. */
  readonly id?: number;
}

/**
 * The events of a run, in order, each once: those that are in the store, then those to come. What has an id is read from the store, so it is
 * durable, and a reader that is slow costs nothing but its place: whoever has not come for an event has not had it read. Between them, what
 * attempts show at the moment, after their node.started and before what came of them; a bounded part of it waits for a slow reader. Ends
 * after run.finished, or early where the run is not driven here any more.
 */
export async function* followRun(ports: FollowRunPorts, run: RunRow, options: FollowOptions): AsyncGenerator<RunEvent | null> {
  let quietSince = ports.clock.now();
  // Not since the last ring: where a run can only be looked at, the bell rings for nothing, and more often than this.
  const quietLeftMs = (): number => quietSince + options.quietMs - ports.clock.now();
  for await (const event of eventsOf(ports, run, options, quietLeftMs)) {
    yield event;
    quietSince = ports.clock.now();
  }
}

async function* eventsOf(
  ports: FollowRunPorts,
  run: RunRow,
  options: FollowOptions,
  quietLeftMs: () => number,
): AsyncGenerator<RunEvent | null> {
  const { tenantId, signal } = options;
  const version = await ports.versions.load(tenantId, run.workflowId, run.version);
  const nameNode = namesOf(version?.plan ?? null);
  const bell = new Bell();
  const pieces = new HeldPieces();
  let from = options.from;
  // What has ended has nothing to come, even where damage has taken its end from the journal.
  let more = run.endedAt === null;
  let isRead = false;
  const stop = ports.runtime.watch(tenantId, run.id, (goesOn) => {
    more = goesOn;
    isRead = false;
    bell.ring();
  });
  const watch = ports.runtime.watchPieces(run.id, (piece) => pieces.add(piece) && bell.ring());
  const present = (held: readonly ShownPiece[]) => held.map((piece) => presentPiece(piece, ports.clock.now(), nameNode));
  signal.addEventListener("abort", bell.ring);
  try {
    for (;;) {
      // Asked before the store is read: what this driver did last is in it by then, and what led to these pieces.
      const last = !more;
      pieces.seal();
      // A model's answer comes in many pieces, and the journal is read once for all of them.
      const unread = isRead ? [] : ports.store.runs.journalFrom(tenantId, run.id, from);
      isRead = true;
      for await (const { seq, entries } of unread) {
        if (entries.some(({ type }) => type === "node-failed" || type === "node-finished")) await watch.caughtUp();
        for (const [index, entry] of entries.entries()) {
          if (signal.aborted) return;
          from = seq + index + 1;
          if (entry.type === "node-failed") yield* present(pieces.takeOf(entry.path, entry.attempt));
          if (entry.type === "node-finished") yield* present(pieces.takeOf(entry.path));
          const event =
            entry.type === "run-finished" ? await presentEnd(ports.store, tenantId, run) : presentEvent(run, seq + index, entry, nameNode);
          if (event) yield { id: seq + index, ...event };
          if (entry.type === "run-finished") return;
        }
      }
      if (last || signal.aborted) return;
      yield* present(pieces.takeSealed());
      const waitMs = quietLeftMs();
      if (waitMs > 0 && (await bell.heard(ports.clock, waitMs))) continue;
      isRead = false;
      yield null;
    }
  } finally {
    stop();
    watch.stop();
    signal.removeEventListener("abort", bell.ring);
  }
}

async function presentEnd({ runs }: Store, tenantId: string, { id, workflowId }: RunRow): Promise<PresentedEvent> {
  const ended = await runs.view(tenantId, workflowId, id);
  if (!ended) throw new Error(`run ${id} is gone`);
  return { event: "run.finished", data: presentRun(ended) };
}

/** Of a version that can no longer be loaded, only what the path says is known. */
function namesOf(plan: Plan | null): NameNode {
  return (path) => {
    const node = plan && nodeOfPath(plan.root, path);
    const id = path.slice(path.lastIndexOf("/") + 1);
    return node ? { nodeId: node.id, nodeName: node.name } : { nodeId: id, nodeName: id };
  };
}
