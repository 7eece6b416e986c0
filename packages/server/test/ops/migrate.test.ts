import assert from "node:assert/strict";
import { DatabaseSync } from "node:sqlite";
import { afterEach, beforeEach, describe, test } from "node:test";
import { dataOf, errorOf, Project } from "../cli/harness.ts";

describe("millrace migrate", () => {
  let project: Project;
  beforeEach(async () => {
    project = new Project();
    await (await project.dev()).end();
  });
  afterEach(() => project.dispose());

  test("data of this release needs nothing, and that is said", async () => {
    const { status, stdout } = await project.run(["migrate"]);
    assert.equal(status, 0);
    assert.match(stdout, /^ {2}schema \d+, nothing to do\n$/);
    const plan = dataOf<{ from: number; to: number; steps: unknown[] }>(await project.run(["migrate", "--dry-run", "-o", "json"]));
    assert.deepEqual([plan.steps, plan.from], [[], plan.to]);
  });

  test("L52: data of a newer release is left alone, exit 6; no data, exit 5", async () => {
    const database = new DatabaseSync(project.path(".millrace/millrace.db"));
    database.exec("PRAGMA user_version = 9999");
    database.close();
    const newer = await project.run(["migrate", "--json"]);
    assert.deepEqual([newer.status, errorOf(newer).type], [6, "schema_too_new"]);
    const none = await project.run(["migrate", "--json"], { env: { MILLRACE_DATA_DIR: "./nowhere" } });
    assert.deepEqual([none.status, errorOf(none).type], [5, "not_found"]);
  });
});
