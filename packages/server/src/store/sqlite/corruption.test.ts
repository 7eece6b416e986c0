import assert from "node:assert/strict";
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { after, before, describe, test } from "node:test";
import { JournalCorrupt, StoreCorrupt } from "#store/errors";
import { blobPath, damage, damageRunsAlone, LARGE, makeRuns, openToDamage } from "#store/sqlite/testing/damage";
import { inDirectory, openStore } from "#store/sqlite/testing/directory";
import type { NewRun, Store } from "#store/store";
import { OWNER, TENANT } from "#store/testing/fixture";
import { acceptEnded, acceptRunning, finished, newRun, nodeFinished, RUNNING, SUCCEEDED } from "#store/testing/runs";
import { newVersion, newWorkflow } from "#store/testing/workflow.testsuite";

const positionOf = (run: string, seq: number): string => `(SELECT position FROM journal WHERE run_id = '${run}' AND seq = ${seq})`;

/** Each of two segments takes the other's place. */
function swap(condition: string): string {
  const sum = `(SELECT sum(position) FROM journal WHERE ${condition})`;
  return `UPDATE journal SET position = position - ${sum} WHERE ${condition}; UPDATE journal SET position = -position WHERE position < 0`;
}

/** A view shows the row and both ends: damage of what lies between them is for whoever reads all of it. */
const BETWEEN_THE_ENDS: readonly string[] = [
  "middle text",
  "middle follows nothing",
  "middle follows another run",
  "middle follows the last",
  "first follows another run",
  "first follows itself",
];

describe("a damaged run is reported, and never served", () => {
  /** What every case begins with a copy of. */
  const whole = mkdtempSync(join(tmpdir(), "millrace-whole-"));
  let made: readonly NewRun[] = [];
  before(async () => {
    const store = await openStore({ dataDir: whole, owner: OWNER });
    made = await makeRuns(store);
    await store.close();
  });
  after(() => rmSync(whole, { recursive: true }));

  const cases: readonly (readonly [name: string, sql: (run: string, other: string) => string, damage?: typeof damageRunsAlone])[] = [
    ["first text", (run) => `UPDATE journal SET text = replace(text, 'topic', 'topiC') WHERE run_id = '${run}' AND seq = 0`],
    ["middle text", (run) => `UPDATE journal SET text = replace(text, 'between', 'betweeN') WHERE run_id = '${run}'`],
    ["last text", (run) => `UPDATE journal SET text = replace(text, 'news', 'newS') WHERE run_id = '${run}' AND seq = 3`],
    ["hash", (run) => `UPDATE journal SET hash = '0' || substr(hash, 2) || ' ' WHERE run_id = '${run}' AND seq = 2`],
    ["length", (run) => `UPDATE journal SET bytes = bytes + 1 WHERE run_id = '${run}' AND seq = 0`],
    ["count", (run) => `UPDATE journal SET count = count + 1 WHERE run_id = '${run}' AND seq = 3`],
    ["format", (run) => `UPDATE journal SET format = 2 WHERE run_id = '${run}' AND seq = 0`],
    ["number", (run) => `UPDATE journal SET seq = 7 WHERE run_id = '${run}' AND seq = 3`],
    ["tenant", (run) => `UPDATE journal SET tenant_id = 'other' WHERE run_id = '${run}' AND seq = 3`],
    ["position", (run) => `UPDATE journal SET position = position + 100 WHERE run_id = '${run}' AND seq = 3`],
    [
      "first follows another run",
      (run, other) => `UPDATE journal SET previous = ${positionOf(other, 0)} WHERE run_id = '${run}' AND seq = 0`,
    ],
    ["first follows itself", (run) => `UPDATE journal SET previous = position WHERE run_id = '${run}' AND seq = 0`],
    ["middle follows nothing", (run) => `UPDATE journal SET previous = NULL WHERE run_id = '${run}' AND seq = 2`],
    [
      "middle follows another run",
      (run, other) => `UPDATE journal SET previous = ${positionOf(other, 0)} WHERE run_id = '${run}' AND seq = 2`,
    ],
    ["middle follows the last", (run) => `UPDATE journal SET previous = ${positionOf(run, 3)} WHERE run_id = '${run}' AND seq = 2`],
    ["last follows nothing", (run) => `UPDATE journal SET previous = NULL WHERE run_id = '${run}' AND seq = 3`],
    ["last follows the first", (run) => `UPDATE journal SET previous = ${positionOf(run, 0)} WHERE run_id = '${run}' AND seq = 3`],
    [
      "last follows another run",
      (run, other) => `UPDATE journal SET previous = ${positionOf(other, 0)} WHERE run_id = '${run}' AND seq = 3`,
    ],
    ["last follows what is not there", (run) => `UPDATE journal SET previous = 0 WHERE run_id = '${run}' AND seq = 3`],
    [
      "last follows what no double holds",
      (run) => `UPDATE journal SET previous = -9223372036854775807 WHERE run_id = '${run}' AND seq = 3`,
    ],
    ["first segment missing", (run) => `DELETE FROM journal WHERE run_id = '${run}' AND seq = 0`],
    ["middle segment missing", (run) => `DELETE FROM journal WHERE run_id = '${run}' AND seq = 2`],
    ["last segment missing", (run) => `DELETE FROM journal WHERE run_id = '${run}' AND seq = 3`],
    ["all segments missing", (run) => `DELETE FROM journal WHERE run_id = '${run}'`],
    [
      "segment of another run",
      (run, other) =>
        `UPDATE journal SET text = (SELECT text FROM journal WHERE run_id = '${other}' AND seq = 0) WHERE run_id = '${run}' AND seq = 0`,
    ],
    [
      "segments swapped",
      (run) =>
        [
          [3, 50],
          [2, 3],
          [50, 2],
        ]
          .map(([from, to]) => `UPDATE journal SET seq = ${to} WHERE run_id = '${run}' AND seq = ${from}`)
          .join(";"),
    ],
    ["positions of the first and the last swapped", (run) => swap(`run_id = '${run}' AND seq IN (0, 3)`)],
    ["positions of the middle and the last swapped", (run) => swap(`run_id = '${run}' AND seq IN (2, 3)`)],
    ["position swapped with another run's", (run, other) => swap(`run_id IN ('${run}', '${other}') AND seq = 0`)],
    ["row missing", (run) => `DELETE FROM runs WHERE id = '${run}'`, damageRunsAlone],
    ["row under another id", (run) => `UPDATE runs SET id = 'other' WHERE id = '${run}'`, damageRunsAlone],
    ["row of another tenant", (run) => `UPDATE runs SET tenant_id = 'other' WHERE id = '${run}'`, damageRunsAlone],
    ["row of another run", (run, other) => `DELETE FROM runs WHERE id = '${run}'; UPDATE runs SET id = '${run}' WHERE id = '${other}'`],
    ...["workflow_id", "workflow_name", "version", "user_id", "key_id", "error_type"].map(
      (column) => [column, (run: string) => `UPDATE runs SET ${column} = 'other' WHERE id = '${run}'`] as const,
    ),
    ...[
      "accepted_at",
      "started_at",
      "ended_at",
      "execution_ms",
      "total_cost",
      "total_tokens",
      "entries",
      "first_segment",
      "last_segment",
      "checksum",
    ].map((column) => [column, (run: string) => `UPDATE runs SET ${column} = ${column} + 1 WHERE id = '${run}'`] as const),
    ["status", (run) => `UPDATE runs SET status = 'FAILED' WHERE id = '${run}'`],
    ["no status", (run) => `UPDATE runs SET status = 'SUCCEEC' WHERE id = '${run}'`],
    ["number no double holds", (run) => `UPDATE runs SET total_tokens = 9223372036854775807 WHERE id = '${run}'`],
  ];

  for (const [name, sql, change = damage] of cases) {
    test(
      name,
      inDirectory(async (dataDir) => {
        cpSync(whole, dataDir, { recursive: true });
        const [long, short, large] = made;
        assert.ok(long && short && large);
        assert.ok(change(dataDir, sql(long.id, short.id)) > 0);
        const { runs, close } = await reopened(dataDir);
        const isDamage = (error: unknown): boolean => error instanceof JournalCorrupt || error instanceof StoreCorrupt;
        await assert.rejects(runs.journal(TENANT, long.id), isDamage);
        for (const workflowId of [null, long.workflowId]) {
          const view = runs.view(TENANT, workflowId, long.id);
          if (BETWEEN_THE_ENDS.includes(name)) assert.deepEqual((await view)?.output, { news: "long" });
          else await assert.rejects(view, isDamage);
        }
        assert.deepEqual((await runs.view(TENANT, null, large.id))?.output, { news: LARGE }, "another run is not concerned");
        await close();
      }),
    );
  }

  test(
    "a blob that is flipped, cut or missing",
    inDirectory(async (dataDir) => {
      cpSync(whole, dataDir, { recursive: true });
      const large = made.at(-1);
      assert.ok(large);
      const blob = blobPath(dataDir);
      const content = readFileSync(blob);
      for (const change of [
        () => writeFileSync(blob, "L".repeat(content.length)),
        () => truncateSync(blob, content.length - 1),
        () => rmSync(blob),
      ]) {
        change();
        const { runs, close } = await reopened(dataDir);
        await assert.rejects(runs.view(TENANT, null, large.id), JournalCorrupt);
        await assert.rejects(runs.journal(TENANT, large.id), JournalCorrupt);
        assert.equal((await runs.list(TENANT, { limit: 10 })).length, 3, "a list loads no values");
        await close();
        writeFileSync(blob, content);
      }
    }),
  );
});

test(
  "the triggers refuse what would change history, also to whoever has the file open",
  inDirectory(async (dataDir) => {
    const store = await openStore({ dataDir, owner: OWNER });
    const [ended] = await makeRuns(store);
    const open = newRun();
    await acceptRunning(store.runs, open);
    await store.close();
    const database = new DatabaseSync(join(dataDir, "millrace.db"));
    const refused = (sql: string, reason: RegExp): void => assert.throws(() => database.exec(sql), reason);
    refused("UPDATE journal SET text = '{}'", /only appended to/);
    refused("DELETE FROM journal", /deleted after the run/);
    refused(`UPDATE runs SET status = 'FAILED' WHERE id = '${ended?.id}'`, /never changes/);
    refused(`UPDATE runs SET fence = 9, owner = 'thief' WHERE id = '${ended?.id}'`, /never changes/);
    refused(`DELETE FROM runs WHERE id = '${open.id}'`, /never deleted/);
    refused(`UPDATE runs SET status = 'SUCCEED' WHERE id = '${open.id}'`, /CHECK/);
    refused(`INSERT INTO runs SELECT * FROM runs WHERE id = '${open.id}'`, /UNIQUE/);
    // Retention's way.
    database.exec(`BEGIN; DELETE FROM runs WHERE id = '${ended?.id}'; DELETE FROM journal WHERE run_id = '${ended?.id}'; COMMIT`);
    database.close();
  }),
);

const SHARE = { id: "s", runId: "r", hint: "", createdAt: 1, expiresAt: 99, createdBy: "ada@example.com" };

test(
  "damaged workflows, versions, keys and links are reported",
  inDirectory(async (dataDir) => {
    const store = await openStore({ dataDir, owner: OWNER });
    const { id } = await store.workflows.create(TENANT, newWorkflow({ document: { a: "document" } }));
    const by = { kind: "member", id: "m1", name: "ada@example.com" } as const;
    await store.workflows.publish(TENANT, id, newVersion({ a: "canonical" }, { layout: '{"start":[1,2]}', by }));
    await store.devKeys.create(TENANT, { id: "d", hash: "dh", name: "", createdAt: 1, expiresAt: 99 });
    await store.devKeys.revoke(TENANT, "d", 2);
    await store.shares.create(TENANT, { ...SHARE, hash: "sh" });
    const key = {
      id: "k",
      hash: "h",
      hint: "",
      name: "k",
      scopes: ["run"],
      workflowIds: [id],
      createdAt: 1,
      expiresAt: 99,
      rateLimit: null,
      role: null,
    };
    await store.keys.create(TENANT, key);
    await store.close();
    cpSync(dataDir, `${dataDir}-whole`, { recursive: true });
    const readWorkflow = ({ workflows }: Store) => workflows.get(TENANT, id);
    const readVersion = ({ workflows }: Store) => workflows.version(TENANT, id, "1.0.0");
    const readDevKey = ({ devKeys }: Store) => devKeys.findByHash("dh");
    const readShare = ({ shares }: Store) => shares.findByHash("sh");
    const readKey = ({ keys }: Store) => keys.findByHash("h");
    const cases: readonly (readonly [sql: string, read: (store: Store) => Promise<unknown>])[] = [
      ["UPDATE workflows SET document = '{}'", readWorkflow],
      ["UPDATE workflows SET live_version = '9'", readWorkflow],
      ["UPDATE workflows SET api_enabled = 0", readWorkflow],
      ["UPDATE versions SET canonical = '{}'", readVersion],
      ["UPDATE versions SET layout = '{}'", readVersion],
      ["UPDATE versions SET hash = 'other'", readVersion],
      ["UPDATE versions SET author_name = 'eve@example.com'", readVersion],
      ["UPDATE versions SET author_kind = NULL", readVersion],
      ["UPDATE dev_keys SET revoked_at = NULL", readDevKey],
      ["UPDATE dev_keys SET expires_at = NULL", readDevKey],
      ["UPDATE run_shares SET run_id = 'other'", readShare],
      ["UPDATE run_shares SET expires_at = 9999999999999", readShare],
      ["UPDATE api_keys SET scopes = '[\"admin\"]'", readKey],
      ["UPDATE api_keys SET scopes = '[\"run\"'", readKey],
      ["UPDATE api_keys SET all_workflows = 1", readKey],
      ["UPDATE api_keys SET expires_at = NULL", readKey],
      ["UPDATE api_keys SET tenant_id = 'other'", readKey],
      ["DELETE FROM key_workflows", readKey],
    ];
    for (const [sql, read] of cases) {
      assert.ok(damage(dataDir, sql) > 0, sql);
      const damaged = await openStore({ dataDir, owner: OWNER });
      await assert.rejects(read(damaged), StoreCorrupt, sql);
      await damaged.close();
      rmSync(dataDir, { recursive: true });
      cpSync(`${dataDir}-whole`, dataDir, { recursive: true });
    }
    rmSync(`${dataDir}-whole`, { recursive: true });
  }),
);

test(
  "a run whose journal is damaged is ended when it is to go on; the others go on",
  inDirectory(async (dataDir) => {
    const store = await openStore({ dataDir, owner: OWNER });
    const runs = Array.from({ length: 6 }, () => newRun());
    for (const run of runs) {
      const claim = await acceptRunning(store.runs, run);
      await store.runs.append(claim, [nodeFinished("a", "between")], RUNNING);
      await store.runs.append(claim, [nodeFinished("b", "last")], RUNNING);
    }
    const [, middle, row, first, , pending] = runs;
    await store.close();
    damage(dataDir, `UPDATE journal SET text = replace(text, 'between', 'betweeN') WHERE run_id = '${middle?.id}'`);
    damage(dataDir, `UPDATE runs SET workflow_name = 'other' WHERE id = '${row?.id}'`);
    damage(dataDir, `DELETE FROM journal WHERE run_id = '${first?.id}' AND seq = 0`);
    damage(dataDir, `DELETE FROM journal WHERE run_id = '${pending?.id}'`);
    const { runs: later, close } = await reopened(dataDir);
    const claimed = [];
    for (let some = await later.takeOver(OWNER, 1); some.length > 0; some = await later.takeOver(OWNER, 1)) claimed.push(...some);
    assert.deepEqual(
      claimed.map(({ run }) => run.id),
      [runs[0]?.id, runs[4]?.id],
    );
    assert.equal(await later.countUnfinished(), 2);
    const view = await later.view(TENANT, null, middle?.id ?? "");
    assert.deepEqual(
      [view?.status, view?.errorType, view?.input, view?.error?.type],
      ["FAILED", "journal_corrupt", { topic: "AI" }, "journal_corrupt"],
    );
    assert.ok(view && view.startedAt !== null && view.endedAt !== null && view.endedAt >= view.acceptedAt);
    for (const run of [row, first, pending]) await assert.rejects(later.view(TENANT, null, run?.id ?? ""), JournalCorrupt);
    await close();
  }),
);

test(
  "what is damaged in the row of a run is not made good by what the run appends next",
  inDirectory(async (dataDir) => {
    const store = await openStore({ dataDir, owner: OWNER });
    const columns = ["workflow_name", "version", "user_id", "key_id", "accepted_at", "entries", "first_segment"];
    for (const column of columns) {
      const run = newRun();
      const claim = await acceptRunning(store.runs, run);
      const medium = openToDamage(dataDir);
      medium.exec(`UPDATE runs SET ${column} = coalesce(${column}, 0) + 1 WHERE id = '${run.id}'`);
      medium.close();
      await assert.rejects(store.runs.view(TENANT, null, run.id), JournalCorrupt, column);
      await Promise.allSettled([store.runs.append(claim, [finished()], SUCCEEDED)]);
      await assert.rejects(store.runs.get(TENANT, null, run.id), JournalCorrupt, column);
      await assert.rejects(store.runs.view(TENANT, null, run.id), JournalCorrupt, column);
      await assert.rejects(store.runs.journal(TENANT, run.id), JournalCorrupt, column);
    }
    await store.close();
  }),
);

const FLIPS = Number(process.env["STORE_FLIPS"] ?? 60);

test(
  "bits flipped anywhere in the files are reported or harmless",
  inDirectory(async (directory) => {
    const whole = join(directory, "whole");
    const dataDir = join(directory, "data");
    const store = await openStore({ dataDir: whole, owner: OWNER });
    const made = [...(await makeRuns(store)), ...Array.from({ length: 40 }, () => newRun())];
    for (const run of made.slice(3)) await acceptEnded(store.runs, run, { topic: "t".repeat(500) });
    const expected = new Map<string, string>();
    for (const { id } of made)
      expected.set(id, JSON.stringify([await store.runs.view(TENANT, null, id), await store.runs.journal(TENANT, id)]));
    // The last commit of a log cannot be told from one that was interrupted: it holds nothing here.
    for (let beat = 0; beat < 3; beat++) await store.runs.renew(OWNER);
    // While the store is open: most of the data is in the log.
    cpSync(whole, dataDir, { recursive: true });
    await store.close();
    const random = generator(Number(process.env["STORE_SEED"] ?? 20_260_101));
    const counts = { flips: 0, harmless: 0, reported: 0, refused: 0 };
    for (const source of [dataDir, whole]) {
      const copy = join(directory, "copy");
      for (let flip = 0; flip < FLIPS; flip++) {
        rmSync(copy, { recursive: true, force: true });
        cpSync(source, copy, { recursive: true });
        const where = flipOne(copy, random);
        counts.flips += 1;
        counts[await served(copy, expected, where)] += 1;
      }
    }
    assert.ok(counts.reported + counts.refused > FLIPS / 4, JSON.stringify(counts));
    console.log(
      `flips ${counts.flips}: wrong results served 0, reported ${counts.reported}, start refused ${counts.refused}, harmless ${counts.harmless}`,
    );
  }),
);

/** Reads everything from a damaged copy; fails where anything differs from what was written. */
async function served(dataDir: string, expected: ReadonlyMap<string, string>, where: string): Promise<"harmless" | "reported" | "refused"> {
  const store = await openStore({ dataDir, owner: OWNER, onFatal: () => undefined }).catch((error: unknown) => {
    assert.ok(error instanceof Error, where);
    return null;
  });
  if (store === null) return "refused";
  let reported = 0;
  for (const [id, text] of expected) {
    try {
      const found = JSON.stringify([await store.runs.view(TENANT, null, id), await store.runs.journal(TENANT, id)]);
      assert.ok(found === text, `${where}: wrong data of run ${id}: ${found.slice(0, 300)}`);
    } catch (error) {
      assert.ok(error instanceof JournalCorrupt || error instanceof StoreCorrupt, `${where}: ${String(error)}`);
      reported += 1;
    }
  }
  await store.close();
  return reported > 0 ? "reported" : "harmless";
}

function flipOne(dataDir: string, random: (below: number) => number): string {
  const names = ["millrace.db", "millrace.db-wal"].filter((name) => readdirSync(dataDir).includes(name));
  const path = random(10) === 0 ? blobPath(dataDir) : join(dataDir, names[random(names.length)] ?? "");
  const bytes = readFileSync(path);
  const offset = random(bytes.length);
  const bit = random(8);
  bytes.writeUInt8(bytes.readUInt8(offset) ^ (1 << bit), offset);
  writeFileSync(path, bytes);
  return `${path} byte ${offset} bit ${bit}`;
}

async function reopened(dataDir: string) {
  const store = await openStore({ dataDir, owner: OWNER });
  return { runs: store.runs, close: () => store.close() };
}

/** A small seeded generator: the same flips at each run. */
function generator(seed: number): (below: number) => number {
  let state = seed >>> 0;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}
