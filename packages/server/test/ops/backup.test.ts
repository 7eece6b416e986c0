import assert from "node:assert/strict";
import { copyFileSync, readFileSync, writeFileSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";
import { afterEach, beforeEach, describe, test } from "node:test";
import { startTestServer, type TestServer } from "#testing/server";
import { echo, todayNews } from "#testing/workflows";
import { dataOf, errorOf, Project } from "../cli/harness.ts";

interface BackedUp {
  readonly rows: { readonly [table: string]: number };
  readonly files: number;
  readonly secretKeyIncluded: boolean;
}

describe("millrace backup and restore", () => {
  let project: Project;
  let server: TestServer;
  beforeEach(async () => {
    project = new Project();
    server = await startTestServer({ dataDir: project.path("data") });
  });
  afterEach(async () => {
    await server.close();
    await project.dispose();
  });

  const env = () => ({ MILLRACE_DATA_DIR: project.path("data") });

  /** Invokes until told to stop, a few at once; each run's id. */
  function load(key: string, input: (run: number) => object) {
    let stopped = false;
    const ids: string[] = [];
    const caller = async () => {
      while (!stopped) ids.push(String((await server.invoke(key, { input: input(ids.length) })).json["workflowRunId"]));
    };
    const callers = Promise.all([caller(), caller(), caller(), caller()]);
    const stop = async () => {
      stopped = true;
      await callers;
      return ids;
    };
    return { ids, stop };
  }

  test("L50 under load: the same counts, and every run's result byte by byte", async () => {
    const { key } = await server.publish(echo);
    // One in a hundred has a large value, which lies beside the database.
    const { ids, stop } = load(key, (run) => ({ value: run % 100 === 0 ? `${run}${"v".repeat(100_000)}` : { run } }));
    await server.invoke(key, { input: { value: "before" } });
    const first = await project.run(["backup", "b.tgz", "-o", "json"], { env: env() });
    const acceptedBefore = ids.length;
    const before = dataOf<BackedUp>(first);
    const all = await stop();
    assert.ok(acceptedBefore > 50, `${acceptedBefore} runs while the backup was made`);
    assert.ok((before.rows["runs"] ?? 0) <= acceptedBefore + 5);
    assert.equal(before.secretKeyIncluded, false);
    const people = await project.run(["backup", "b.tgz", "--yes"], { env: env() });
    assert.match(people.stderr, /the secret key is not in it: keep \.\/data\/secret\.key in another place/);

    const restored = dataOf<BackedUp>(await project.run(["restore", "b.tgz", "--to", "new", "-o", "json"], { env: env() }));
    assert.equal(restored.rows["runs"], all.length + 1);
    copyFileSync(project.path("data/secret.key"), project.path("new/secret.key"));
    using database = new DatabaseSync(project.path("new/millrace.db"));
    assert.equal(database.prepare("SELECT count(*) AS count FROM runs").get()?.["count"], all.length + 1);
    assert.deepEqual(
      database
        .prepare("PRAGMA integrity_check")
        .all()
        .map((row) => row["integrity_check"]),
      ["ok"],
    );
    database.close();
    const other = await startTestServer({ dataDir: project.path("new") });
    for (const id of all) assert.equal((await other.query(key, id)).text, (await server.query(key, id)).text);
    await other.close();
  });

  test("L50: a flipped byte is refused with 3, and nothing is written", async () => {
    await server.publish(todayNews);
    dataOf(await project.run(["backup", "b.tgz", "-o", "json"], { env: env() }));
    const bytes = readFileSync(project.path("b.tgz"));
    bytes[Math.floor(bytes.length / 2)] = (bytes[Math.floor(bytes.length / 2)] ?? 0) ^ 1;
    writeFileSync(project.path("b.tgz"), bytes);
    const refused = await project.run(["restore", "b.tgz", "--to", "new", "--json"], { env: env() });
    assert.deepEqual([refused.status, refused.stdout, errorOf(refused).type], [3, "", "backup_damaged"]);
    assert.throws(() => project.read("new/millrace.db"), /ENOENT/);
  });

  test("what a command cannot do is told with its exit status", async () => {
    dataOf(await project.run(["backup", "b.tgz", "-o", "json"], { env: env() }));
    const cases: readonly (readonly [args: string[], status: number, type: string])[] = [
      [["backup", "b.tgz"], 2, "usage"],
      [["restore", "b.tgz"], 2, "usage"],
      [["restore", "b.tgz", "--yes"], 9, "data_dir_in_use"],
      [["restore", "nothing.tgz", "--to", "new"], 5, "not_found"],
      [["backup", "nowhere/b.tgz"], 5, "not_found"],
    ];
    for (const [args, status, type] of cases) {
      const result = await project.run([...args, "--json"], { env: env() });
      assert.deepEqual([result.status, errorOf(result).type], [status, type], args.join(" "));
    }
    const nothing = await project.run(["backup", "c.tgz", "--json"], { env: { MILLRACE_DATA_DIR: project.path("empty") } });
    assert.deepEqual([nothing.status, errorOf(nothing).type], [5, "not_found"]);
  });
});
