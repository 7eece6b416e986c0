import type { PlantedBug } from "./plant.ts";

const apply = (name: string, from: string, to: string): PlantedBug => ({ name, file: "apply.ts", from, to });
const item = (name: string, from: string, to: string): PlantedBug => ({ name, file: "apply/item.ts", from, to });
const settle = (name: string, from: string, to: string): PlantedBug => ({ name, file: "apply/settle.ts", from, to });
const decide = (name: string, from: string, to: string): PlantedBug => ({ name, file: "decide.ts", from, to });

/** In the engine: what has gone wrong in interpreters before. A check that finds none of these would find nothing else. */
export const PLANTED_BUGS: readonly PlantedBug[] = [
  {
    name: "results of a batch in the order of completion",
    file: "outcome/container.ts",
    from: "results.sort((a, b) => a.index - b.index)",
    to: "results.reverse()",
  },
  apply(
    "break in a nested loop ends the outer loop",
    'const dropped = dropFrame(state, prefix);\n  return { ...dropped, due: [...dropped.due, { due: "close", ...container, how }] };',
    'const at = how === "break" && containerOf(prefixOf(container.path)) ? prefixOf(container.path) : prefix;\n  const dropped = dropFrame(state, at);\n  return { ...dropped, due: [...dropped.due, { due: "close", ...containerOf(at), how }] };',
  ),
  settle("a node runs though no way to it was taken", "pending === 0 && taken > 0", "pending === 0"),
  settle("a join does not wait for its other branches", "pending === 0 && taken > 0", "taken === 1 && live"),
  settle("what is not reached is never skipped", 'else if (pending === 0) effects.due.push({ due: "skip", path });', ""),
  settle("a frame closes before its last node", "if (unsettled === 0)", "if (unsettled === 1)"),
  settle("abandoned attempts go on", "active: state.active.filter((one) => !inside(one.path)),", "active: state.active,"),
  settle("abandoned nodes still wait for their turn", "ready: state.ready.withoutAll(inside),", "ready: state.ready,"),
  settle("an abandoned item closes twice", "(inside(one.path) || closing(one))", "inside(one.path)"),
  item("a closed item stays busy", "busy: iteration.busy - 1, results", "busy: iteration.busy, results"),
  item("break goes on with the next item", 'entry.how === "break"', "entry.index < 0"),
  item("a batch ends before its last item", "iteration.busy === 0 ?", "iteration.busy <= 1 ?"),
  item("a dropped item leaves a null", 'entry.how === "failed" && directive.onItemError === "drop"', "entry.index < 0"),
  item("a batch skips an item", "next: first, open: []", "next: first + 1, open: []"),
  {
    name: "a loop variable keeps its first value",
    file: "apply/assign.ts",
    from: "variables: { ...node.iteration.variables, [name]: value }",
    to: "variables: node.iteration.variables",
  },
  apply("failed attempts are not counted", "failures: failed.failures + 1", "failures: failed.failures"),
  { name: "one attempt too many", file: "retry.ts", from: "failures >= policy.maxAttempts", to: "failures > policy.maxAttempts" },
  apply("an error takes the regular way", '{ status: "failed", steps: null }, ["error"])', '{ status: "failed", steps: null }, regular)'),
  apply("the default output is lost", "output: plan.onError.output as Json,", "output: {},"),
  apply(
    "onError continue stops there",
    '{ status: "failed", output: {}, steps: null }, regular)',
    '{ status: "failed", output: {}, steps: null }, [])',
  ),
  apply(
    "a cancelled run goes on",
    'return failFrame(next, "", runError(entry.cause ?? "cancelled", entry.reason ?? "The run was cancelled."));',
    "return next;",
  ),
  apply("a started node may start again", "const running = forget(state, entry.path);", "const running = state;"),
  decide("more at once than the limit", "begun.length >= concurrency) break;", "begun.length > concurrency) break;"),
  decide("a collected item is lost", "evaluate(collect, scopeAt(state, inside))", "null"),
];

const server = (file: string, name: string, from: string, to: string): PlantedBug => ({ file, name, from, to });

/** What a store that is not durable gets wrong. A power cut must show each of them. */
export const STORE_BUGS: readonly PlantedBug[] = [
  server("store/sqlite/pragmas.ts", "commits that do not wait for the disk", '["synchronous", 2]', '["synchronous", 1]'),
  server("store/sqlite/blob-files.ts", "a value's name is not durable", "await syncDirectory(this.#folder(blob));", ""),
  server(
    "store/sql/run-writer.ts",
    "a value is referred to while it is written",
    "this.#keep(blobs, claim).then(() => write(text))",
    "(void this.#keep(blobs, claim), write(text))",
  ),
  server("store/sqlite/blob-files.ts", "a value's content is not durable", "await file.sync();", ""),
  server(
    "runtime/attempts/run-journal.ts",
    "a run is acknowledged before it is durable",
    "    return this.#flushing;\n  }",
    "    return NOTHING;\n  }",
  ),
];

/** What runtimes get wrong between a decision and the disk. A simulated world must show each of them. */
export const RUNTIME_BUGS: readonly PlantedBug[] = [
  server("runtime/attempts/run-journal.ts", "told before it is durable", "    return this.#flushing;\n  }", "    return NOTHING;\n  }"),
  server(
    "runtime/embedded/under-way.ts",
    "an effect begins before its announcement is durable",
    'if (command.node.spec.effect === "outside") this.#announced',
    'if (command.node.spec.effect === "none") this.#announced',
  ),
  server(
    "runtime/embedded/under-way.ts",
    "the answer of an attempt that nobody wants is recorded",
    "if (!this.#attempts.delete(keyOf(command)) || !this.#isAttemptWanted(command)) return null;",
    "if (!this.#attempts.delete(keyOf(command))) return null;",
  ),
  server("runtime/embedded/under-way.ts", "a timer that nobody wants fires", " || !this.#isTimerWanted(command)) return;", ") return;"),
  server("runtime/embedded/under-way.ts", "what is not needed any more goes on", "drop(UNNEEDED);", ";"),
  server(
    "runtime/embedded/controls.ts",
    "a cancellation is acknowledged before it is recorded",
    "const news = await leaves.news;",
    'const news = "ended" as string;',
  ),
  server(
    "runtime/embedded/controls.ts",
    "a signal to a run that falls asleep is lost",
    "if (!(error instanceof Fenced)) throw error;",
    "return true;",
  ),
  server("runtime/embedded/embedded-runtime.ts", "who falls asleep is not woken", "if (until !== null) this.#sleepers.expect(until);", ""),
  server("runtime/embedded/sleepers.ts", "a run is claimed and never driven", "await Promise.all(claimed.map(drive));", ""),
  server("runtime/summary.ts", "a run sleeps past its timer", "{ until: nextTimerAt(state), pause", "{ until: null, pause"),
];

/** A full disk must show this one. */
export const FULL_DISK_BUG = server(
  "store/sqlite/writer/committer.ts",
  "a full disk is swallowed, and what was to be written acknowledged",
  "      return batch.map(() => ({ error }));\n    }\n  }\n\n  /** Takes the batch back.",
  "      return batch.map(() => (error instanceof StoreFull ? { value: undefined } : { error }));\n    }\n  }\n\n  /** Takes the batch back.",
);

/** An fsync that fails must show this one. */
export const FAILED_SYNC_BUG = server(
  "store/sqlite/writer/committer.ts",
  "a commit that failed is taken for one that was written",
  "      throw error instanceof StoreFull || error instanceof StoreBusy || isFatal(error) ? error : new StoreFailed(thrown);",
  "      if (!isFatal(error)) throw error;",
);
