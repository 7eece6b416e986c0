import assert from "node:assert/strict";
import { statSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { dataOf, errorOf, Project } from "./harness.ts";

interface Settings {
  readonly settings: readonly { readonly name: string; readonly value: string | number | null; readonly source: string }[];
}

describe("profiles and login", () => {
  let server: Project;
  let project: Project;
  let url: string;
  let key: string;
  before(async () => {
    server = new Project();
    await server.dev();
    ({ url } = JSON.parse(server.read(".millrace/server.json")) as { url: string });
    key = server.read(".millrace/admin.key").trim();
    project = new Project();
  });
  after(async () => {
    await project.dispose();
    await server.dispose();
  });

  const home = (name: string) => join(project.dir, "home", ".config", "millrace", name);

  const settings = async (env: Record<string, string> = {}, ...args: string[]) => {
    const { settings: rows } = dataOf<Settings>(await project.run(["whoami", "--json", ...args], { env }));
    return (name: string) => rows.find((row) => row.name === name);
  };

  test("login checks the key before it keeps it, where only its owner can read it; a profile brings endpoint and key", async () => {
    const refused = await project.run(["login", "--profile", "lab", "--endpoint", url, "--json"], { input: `mr_${"x".repeat(40)}\n` });
    assert.deepEqual([refused.status, refused.stdout, errorOf(refused).type], [4, "", "unauthorized"]);
    const unknown = await project.run(["workflows", "list", "--profile", "lab", "--json"]);
    assert.deepEqual([unknown.status, errorOf(unknown).message], [2, 'there is no profile "lab"'], "nothing was kept");

    const made = await project.run(["login", "--profile", "lab", "--endpoint", url, "--json"], { input: `${key}\n` });
    const { profile, endpoint } = dataOf<{ profile: string; endpoint: string }>(made);
    assert.deepEqual([profile, endpoint], ["lab", url]);
    assert.ok(!(made.stdout + made.stderr).includes(key));
    assert.deepEqual([statSync(home("credentials")).mode & 0o777, statSync(home("")).mode & 0o777], [0o600, 0o700]);
    assert.equal((await project.run(["workflows", "list", "-o", "name", "--profile", "lab"])).status, 0);
    const near = await project.run(["workflows", "list", "--profile", "lap", "--json"]);
    assert.deepEqual([near.status, errorOf(near).hint], [2, "did you mean lab?"]);
  });

  test("flag over environment over project file over profile over default; the key goes nowhere else", async () => {
    const byFlag = await settings({}, "--profile", "lab");
    assert.deepEqual([byFlag("endpoint")?.value, byFlag("endpoint")?.source, byFlag("apiKey")?.source], [url, "profile", "credentials"]);
    assert.equal((await settings({ MILLRACE_PROFILE: "lab" }))("profile")?.source, "environment");
    project.write("millrace.config.json", { profile: "lab", endpoint: "http://127.0.0.1:9" });
    const byFile = await settings();
    assert.deepEqual([byFile("profile")?.source, byFile("endpoint")?.source, byFile("apiKey")?.source], ["file", "file", "none"]);
    project.write("millrace.config.json", {});
    assert.equal((await settings())("endpoint")?.source, "default");
  });

  test("profiles use chooses one for every command, list shows them without their keys, delete asks", async () => {
    assert.equal((await project.run(["profiles", "use", "lab"])).stdout, "  lab   in use\n");
    const inUse = await settings();
    assert.deepEqual([inUse("profile")?.source, inUse("endpoint")?.value], ["profile", url]);
    const listed = await project.run(["profile", "list", "--json"]);
    assert.deepEqual(dataOf(listed), { data: [{ name: "lab", inUse: true, endpoint: url, key: `${key.slice(0, 6)}…${key.slice(-4)}` }] });
    assert.equal((await project.run(["profiles", "delete", "lab"])).status, 2);
    assert.equal((await project.run(["profiles", "delete", "lab", "--yes"])).stdout, "  lab   deleted\n");
    assert.equal((await project.run(["profiles", "delete", "lab", "--yes"])).status, 5);
    assert.equal((await settings())("profile")?.value, "default");
  });

  test("on a terminal the key is asked for and not shown", async () => {
    const { status, stdout } = await project.bash(
      `export CI=; script -qec "$NODE $MAIN login --profile typed --endpoint ${url}" /dev/null <<< "${key}"`,
      { env: { NODE: process.execPath, MAIN: new URL("../../src/cli/main.ts", import.meta.url).pathname } },
    );
    assert.equal(status, 0, stdout);
    assert.match(stdout, /API key for http:\/\/127\.0\.0\.1:\d+: /);
    assert.match(stdout, /typed {3}http:\/\/127\.0\.0\.1:\d+ {3}admin of every workflow/);
  });
});
