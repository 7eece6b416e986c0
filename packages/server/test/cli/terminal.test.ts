import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { after, before, describe, test } from "node:test";
import { document, start } from "#testing/workflows";
import { dataOf, Project, type Running } from "./harness.ts";

// What the command does only where a person sits: it asks, hides what is typed, and paints.

const ESCAPE = "\u001b";

const skipped = spawnSync("script", ["-qefc", "true", "/dev/null"]).status === 0 ? false : "no program `script` of util-linux is here";

const named = (name: string) => document(name, [start({}), { id: "end", type: "end", output: {} }], ["start -> end"]);

describe("at a terminal", { skip: skipped }, () => {
  let project: Project;
  before(async () => {
    project = new Project();
    project.write("flows/kept.json", named("kept"));
    project.write("gone.json", named("gone"));
    await project.dev();
    dataOf(await project.run(["deploy", "gone.json", "--json"]));
  });
  after(() => project.dispose());

  /** Types it as soon as the question is there. */
  const answer = async (running: Running, question: RegExp, typed: string): Promise<number | null> => {
    await running.seen(question);
    running.child.stdin?.write(typed);
    return running.ended;
  };
  const names = async () =>
    dataOf<{ data: { name: string }[] }>(await project.run(["workflows", "list", "--json"]))
      .data.map(({ name }) => name)
      .toSorted();

  test("what cannot be undone is asked for: no and Enter leave it alone, yes does it, Ctrl+C ends with 130", async () => {
    for (const [typed, status] of [
      ["n\r", 3],
      ["\r", 3],
      ["\u0003", 130],
    ] as const)
      assert.equal(await answer(project.atTerminal("workflows delete kept"), /\[y\/N\] /, typed), status, JSON.stringify(typed));
    assert.equal(await answer(project.atTerminal("workflows delete gone"), /\[y\/N\] /, "y\r"), 0);
    assert.deepEqual(await names(), ["kept"]);
  });

  test("--no-input, CI and -y ask nothing there either", async () => {
    const silent = project.atTerminal("workflows delete kept --no-input");
    assert.equal(await silent.ended, 2);
    assert.match(silent.stdout(), /--yes is missing/);
    assert.equal(await project.atTerminal("workflows delete kept", { env: { CI: "true" } }).ended, 2);
    assert.deepEqual(await names(), ["kept"]);
  });

  test("a secret that is typed is shown nowhere, and is kept", async () => {
    const setting = project.atTerminal("secrets set TOKEN");
    assert.equal(await answer(setting, /: $/, "canary-2917\r"), 0, setting.stdout());
    assert.ok(!setting.stdout().includes("canary-2917"), setting.stdout());
    assert.match((await project.run(["secrets", "list"])).stdout, /TOKEN/);
  });

  test("L17: an error is painted there, and not with NO_COLOR or --no-color", async () => {
    const told = async (line: string, env: Record<string, string> = {}) => {
      const running = project.atTerminal(line, { env });
      assert.equal(await running.ended, 5);
      return running.stdout();
    };
    assert.ok((await told("workflows get nope")).includes(`${ESCAPE}[`));
    assert.ok(!(await told("workflows get nope", { NO_COLOR: "1" })).includes(ESCAPE));
    assert.ok(!(await told("workflows get nope --no-color")).includes(ESCAPE));
  });

  test("dev --reset asks, and keeps what was there", async () => {
    const elsewhere = new Project();
    await (await elsewhere.dev()).end();
    const before = elsewhere.read(".millrace/admin.key");
    const anew = elsewhere.atTerminal("dev --port 0 --reset");
    await anew.seen(/Begin anew\?.*\[y\/N\] /s);
    anew.child.stdin?.write("y\r");
    await anew.seen(/ Try /);
    assert.notEqual(elsewhere.read(".millrace/admin.key"), before);
    assert.ok(existsSync(elsewhere.path(".millrace")));
    await elsewhere.dispose();
  });
});
