import type { PlantedBug } from "../harness/plant.ts";

/** A bug that others have had, and what of ours has to find it. */
export interface HuntedBug {
  readonly name: string;
  readonly changes: readonly PlantedBug[];
  /** A check by its id; or a file of the server's own tests, where no check could tell: all of them, or the one of that name. */
  readonly finder: { readonly check: string } | { readonly tests: string; readonly only?: string };
}

type Change = readonly [file: string, from: string, to: string];

const hunted = (name: string, finder: HuntedBug["finder"], ...changes: readonly Change[]): HuntedBug => ({
  name,
  finder,
  changes: changes.map(([file, from, to]) => ({ name, file, from, to })),
});

const STORE_TESTS = "src/store/sqlite/sqlite-store.test.ts";

const UNFENCED: readonly Change[] = [
  [
    "store/sql/run-verbs.ts",
    "id = ? AND fence = ? AND ended_at IS NULL AND owner <> '",
    "id = ? AND ? > 0 AND ended_at IS NULL AND owner <> '",
  ],
  ["store/sql/run-verbs.ts", "id = ? AND fence = ? AND ended_at IS NULL`;", "id = ? AND ? > 0 AND ended_at IS NULL`;"],
];

const REPLAYED = "    return { claimed, version, state: replay(version.plan, entries) };\n";

/** Of the server as a whole. Those that a check plants by itself, in the engine, the store and the runtimes, are not among them. */
export const HUNTED_BUGS: readonly HuntedBug[] = [
  hunted("no look at the fence when a journal goes on", { tests: "src/store/sqlite/writer/writer.test.ts" }, ...UNFENCED),
  hunted(
    "the fence is looked at before a journal goes on, and not in the transaction",
    { tests: STORE_TESTS, only: "what is appended beside a take-over is in what is taken over, or refused" },
    ...UNFENCED,
    ["store/sql/run-writer.ts", "import { CommitUnknown, StoreFull }", "import { CommitUnknown, Fenced, StoreFull }"],
    [
      "store/sql/run-writer.ts",
      "    const write = async (text: string): Promise<void> => {\n      const usage = usageColumns(entries);\n      const isPlain = approvals",
      `    const write = async (text: string): Promise<void> => {
      const row = await this.#database.read(one("SELECT fence FROM runs WHERE tenant_id = ? AND id = ?", tenantId, runId));
      if (row?.["fence"] !== claim.fence) throw new Fenced(runId);
      const usage = usageColumns(entries);\n      const isPlain = approvals`,
    ],
  ),
  hunted("a run that has ended can be written", { check: "R2" }, [
    "store/sqlite/migrations/0001-initial.sql",
    "BEFORE UPDATE ON runs WHEN OLD.ended_at IS NOT NULL",
    "BEFORE UPDATE ON runs WHEN OLD.ended_at = 1",
  ]),
  hunted(
    "a start blames the runs that it finds under way",
    { check: "R7" },
    ["runtime/attempts/lost-attempts.ts", "const ASIDE_FROM = 2;", "const ASIDE_FROM = 1;"],
    ["runtime/attempts/lost-attempts.ts", "const GIVE_UP_AT = 5;", "const GIVE_UP_AT = 1;"],
  ),
  hunted("failed attempts are counted in the memory of a process", { tests: "test/durability/retry.test.ts" }, [
    "runtime/embedded/embedded-runtime.ts",
    REPLAYED,
    `    const whole = replay(version.plan, entries);
    const chunks = whole.root.nodes.chunks.map((nodes) => nodes.map((node) => ({ ...node, failures: 0 })));
    const nodes = Object.assign(Object.create(Object.getPrototypeOf(whole.root.nodes)), { chunks });
    return { claimed, version, state: { ...whole, root: { ...whole.root, nodes } } };\n`,
  ]),
  hunted("a back-off begins anew after a crash", { tests: "test/durability/retry.test.ts" }, [
    "runtime/embedded/embedded-runtime.ts",
    REPLAYED,
    `    const whole = replay(version.plan, entries);
    const now = this.#options.clock.now();
    const active = whole.active.map((one) => (one.active === "timer" ? { ...one, until: now + one.until - one.since } : one));
    return { claimed, version, state: { ...whole, active } };\n`,
  ]),
  hunted(
    "a lease is measured by the clock on the wall",
    { tests: STORE_TESTS, only: "a wall clock that is set expires no lease, and keeps none" },
    ["store/sql/take-over.ts", "new Liveness(ports.clock.mono)", "new Liveness(ports.clock.now)"],
  ),
  hunted(
    "a body is copied onto the row",
    { check: "S3" },
    [
      "http/check-request.ts",
      "  assertFits(route.body.schema, request.body);\n}\n\n/** Bodies of the published",
      '  if (route.id !== "createSchedule") assertFits(route.body.schema, request.body);\n}\n\n/** Bodies of the published',
    ],
    [
      "starters/schedules/schedules.ts",
      "dueAt, createdAt: now, updatedAt: now };",
      "dueAt, createdAt: now, updatedAt: now, ...(given as object) };",
    ],
  ),
  hunted("the key of an effect has the number of its attempt in it", { check: "R3" }, [
    "runtime/attempts/attempt.ts",
    "command.path}`, signal:",
    "command.path}:` + command.attempt, signal:",
  ]),
  hunted("the Idempotency-Key is not kept with its run", { check: "R6" }, [
    "store/sql/idempotency-keys.ts",
    "  yield* run(TAKE, tenantId, keyId, key, requestHash, runId, forgottenAt);\n",
    "",
  ]),
  hunted("an Idempotency-Key is good for any body", { tests: "test/wire/idempotency.test.ts" }, [
    "runs/start-once.ts",
    "if (requestHash !== once.requestHash)",
    'if (requestHash === "" && once)',
  ]),
  hunted("one way to a row asks for no tenant", { check: "S2" }, [
    "store/sql/hook-store.ts",
    "} WHERE tenant_id = ? AND id = ?`",
    "} WHERE ? <> '' AND id = ?`",
  ]),
  hunted(
    "one address is checked, and another one connected to",
    { tests: "src/egress/resolve.test.ts" },
    [
      "egress/resolve.ts",
      "    return judgeRecords(target, records, policy);",
      "    judgeRecords(target, records, policy);\n    return judgeRecords(target, await lookup(target.host, true), { ...policy, allow: EVERYTHING as never });",
    ],
    [
      "egress/resolve.ts",
      "const UNREADABLE =",
      "const EVERYTHING = { permitsAddress: () => true, permitsName: () => true };\n\nconst UNREADABLE =",
    ],
  ),
  hunted("where a redirect leads is not checked again", { check: "S6" }, [
    "egress/request.ts",
    "    answer = await watchedHop(way, hop, sending, followed + 1);",
    "    const allow = { permitsAddress: () => true, permitsName: () => true } as never;\n    answer = await watchedHop({ ...way, policy: { ...way.policy, allow } }, hop, sending, followed + 1);",
  ]),
  hunted("a redirect to another origin takes the caller's headers along", { check: "S7" }, [
    "egress/redirect.ts",
    "return { target, method, fields: [], body: undefined,",
    "return { target, method, fields: hop.fields, body: undefined,",
  ]),
  hunted("a signature that is missing is a good one", { check: "S16" }, [
    "approvals/links.ts",
    "return a.length === b.length && timingSafeEqual(a, b);",
    "return a.length === 0 || (a.length === b.length && timingSafeEqual(a, b));",
  ]),
  hunted("what a journal holds is not compared with its checksum", { check: "R13" }, [
    "store/journal/chain.ts",
    "if (segmentHash(previous, runId, row) !== row.hash)",
    "if (row.hash === previous)",
  ]),
  hunted(
    "a sandbox keeps what the call before left in its memory",
    { check: "S5" },
    [
      "sandbox/engine/memory.ts",
      "    bytes.set(image.heap, BUILD.heapStart);\n    if (heapEnd > image.heapEnd) bytes.fill(0, image.heapEnd, heapEnd);\n",
      "",
    ],
    ["sandbox/engine/memory.ts", "    bytes.set(image.statics, 0);\n", ""],
  ),
  hunted("the bound does not count what waits", { check: "O1" }, [
    "runtime/embedded/embedded-runtime.ts",
    "!start.caller && this.#live.size >= this.#options.maxRuns",
    "!start.caller && this.#live.size < 0",
  ]),
  hunted(
    "a client that goes away ends its run",
    { check: "R6" },
    [
      "http/run-api.ts",
      "    this.#message = message;\n",
      '    this.#message = message;\n    Object.assign(this, { whenGone: (then: () => void) => response.once("close", () => response.writableFinished || then()) });\n',
    ],
    ["http/routes/invoke.ts", ": once(ports, run, key);", ": once(ports, Object.assign(run, { wire: request }), key);"],
    [
      "http/routes/invoke.ts",
      "  if (handle) return answer(ports, tenantId, handle, isAsync);",
      "  if (handle) (request as any).wire.whenGone(() => ports.runtime.cancel(tenantId, handle.runId));\n  if (handle) return answer(ports, tenantId, handle, isAsync);",
    ],
  ),
];
