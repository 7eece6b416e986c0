import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { chain, join } from "#flow/testing/flows";
import { document, start } from "#testing/workflows";
import { dataOf, errorOf, Project } from "./harness.ts";

interface Deployed {
  readonly workflows: readonly {
    readonly id: string;
    readonly name: string;
    readonly version?: string;
    readonly changed: boolean;
    readonly changes: readonly string[];
  }[];
}

const greet = (text: string) =>
  document(
    "greet",
    [
      start({ name: { type: "string" } }, ["name"]),
      { id: "say", type: "template", text },
      { id: "end", type: "end", output: { greeting: "{{ say.text }}" } },
    ],
    ["start -> say", "say -> end"],
  );

describe("workflows from files", () => {
  let project: Project;
  before(async () => {
    project = new Project();
    await project.dev();
  });
  after(() => project.dispose());

  const json = async <T>(...args: string[]) => dataOf<T>(await project.run([...args, "-o", "json"]));
  const greeting = async (...args: string[]) => (await json<{ output: unknown }>("invoke", "greet", "-i", "name=Ada", ...args)).output;

  test("L26: deploy, deploy again, change, roll back", async () => {
    project.write("flows/greet.json", greet("Hello {{ start.name }}"));
    const first = await json<Deployed>("deploy", "--publish", "-m", "first");
    assert.deepEqual(
      first.workflows.map(({ name, version, changed, changes }) => [name, version, changed, changes]),
      [["greet", "1.0.0", true, ["new"]]],
    );
    assert.match(first.workflows[0]?.id ?? "", /^[0-9a-f]{24}$/);

    const again = await project.run(["deploy", "--publish"]);
    assert.deepEqual([again.status, again.stdout], [0, "  no changes\n"]);

    project.write("flows/greet.json", greet("Good day {{ start.name }}"));
    const dry = await project.run(["deploy", "--publish", "--dry-run"]);
    assert.deepEqual([dry.status, dry.stdout], [0, "  greet  1 changed  say › text  not changed: --dry-run\n"]);
    assert.equal((await json<{ data: unknown[] }>("versions", "list", "greet")).data.length, 1, "a dry run makes no version");

    const changed = await project.run(["deploy", "--publish", "-m", "politer"]);
    assert.deepEqual([changed.status, changed.stdout], [0, "  greet  1 changed  say › text  published 1.0.1 (was 1.0.0)\n"]);
    assert.deepEqual(await greeting(), { greeting: "Good day Ada" });
    assert.deepEqual(await greeting("--version", "1.0.0"), { greeting: "Hello Ada" });

    const back = await project.run(["versions", "rollback", "greet", "1.0.0"]);
    assert.deepEqual([back.status, back.stdout], [0, "  greet   live 1.0.1 → 1.0.0   draft untouched\n"]);
    assert.match(back.stderr, /^1\.0\.0 {3}"first" {3}by .+ {3}[12] runs? {3}0\.0 % failed$/m);
    assert.deepEqual(await greeting(), { greeting: "Hello Ada" });
    assert.deepEqual(await json("versions", "promote", "greet", "1.0.1"), { version: "1.0.1", previousVersion: "1.0.0" });
    assert.deepEqual(
      await json("version", "rollback", "greet"),
      { version: "1.0.0", previousVersion: "1.0.1" },
      "without a version, the one before",
    );
    const { data } = await json<{ data: { version: string; live: boolean; note?: string }[] }>("versions", "list", "greet");
    assert.deepEqual(
      data.map(({ version, live, note }) => [version, live, note]),
      [
        ["1.0.1", false, "politer"],
        ["1.0.0", true, "first"],
      ],
    );
  });

  test("a deploy without --publish leaves the live version alone", async () => {
    project.write("draft.json", { ...greet("Draft {{ start.name }}"), name: "drafted" });
    const [saved] = (await json<Deployed>("deploy", "draft.json")).workflows;
    assert.equal(saved?.version, undefined);
    const { status, stdout, stderr } = await project.run(["invoke", "drafted", "-i", "name=x", "-o", "json"]);
    assert.deepEqual([status, stdout], [2, ""]);
    assert.match(stderr, /no_published_version/);
  });

  test("L26: an old revision is refused with 9", async () => {
    project.write("revised.json", { ...greet("a"), name: "revised" });
    await json("deploy", "revised.json");
    const { revision } = await json<{ revision: number }>("workflows", "get", "revised");
    project.write("revised.json", { ...greet("b"), name: "revised", tags: ["orders", "朝の便"] });
    await json("deploy", "revised.json", "--if-revision", String(revision));
    const stale = await project.run(["deploy", "revised.json", "--if-revision", String(revision), "--json"]);
    assert.deepEqual([stale.status, stale.stdout], [9, ""]);
    const { type, httpStatus, message } = errorOf(stale);
    assert.deepEqual([type, httpStatus], ["conflict", 409]);
    assert.match(message, /^revised\.json: /);
    const tagged = await json<{ data: { name: string; tags: string[] }[] }>("workflows", "list", "--tag", "朝の便");
    assert.deepEqual(
      tagged.data.map(({ name, tags }) => [name, tags]),
      [["revised", ["orders", "朝の便"]]],
    );
  });

  test("a file with errors stops a publishing deploy before anything is sent", async () => {
    project.write("both/a.json", { ...greet("a"), name: "neverSent" });
    project.write("both/b.json", { ...greet("{{ start.nope }}"), name: "bad" });
    const refused = await project.run(["deploy", "both", "--publish"]);
    assert.deepEqual([refused.status, refused.stdout], [3, ""]);
    assert.match(refused.stderr, /^both\/b\.json:1:\d+ unknown_variable: /);
    assert.equal((await project.run(["workflows", "get", "neverSent"])).status, 5);
  });

  test("two files of one name are told, and nothing is sent", async () => {
    project.write("twice/a.json", { ...greet("a"), name: "twin" });
    project.write("twice/b.json", { ...greet("b"), name: "twin" });
    for (const command of ["deploy", "validate"]) {
      const refused = await project.run([command, "twice"]);
      assert.deepEqual([refused.status, refused.stdout], [3, ""], command);
      assert.match(refused.stderr, /^twice\/b\.json:1:31 duplicate_name: twice\/a\.json /m);
    }
    assert.equal((await project.run(["workflows", "get", "twin"])).status, 5);
  });

  test("a .flow imports, is published, and runs", async () => {
    project.write("hello.flow", chain([join("t", "Hi")], { name: "imported" }));
    const { workflows } = await json<Deployed>("import", "hello.flow", "--publish");
    assert.deepEqual(
      workflows.map(({ name, version }) => [name, version]),
      [["imported", "1.0.0"]],
    );
    const { stdout } = await project.run(["import", "hello.flow"]);
    assert.equal(stdout, "  imported   imported as a draft\n");
    project.write("broken.flow", '{"exportType":');
    const broken = await project.run(["import", "broken.flow", "--json"]);
    assert.deepEqual([broken.status, errorOf(broken).type], [2, "file_unreadable"]);
  });

  test("keys: create, use, list, revoke", async () => {
    project.write("flows/greet.json", greet("Hello {{ start.name }}"));
    await json("deploy", "--publish");
    const made = await json<{ id: string; key: string; scopes: string[]; expiresAt: number; createdAt: number }>(
      ...["keys", "create", "--workflow", "greet", "--name", "site", "--expires", "90d", "--scope", "invoke,query"],
    );
    assert.match(made.key, /^mr_[A-Za-z0-9_-]{40}$/);
    assert.deepEqual(made.scopes, ["invoke", "query"]);
    assert.equal(made.expiresAt - made.createdAt, 90 * 86_400_000);
    const use = () => project.run(["invoke", "greet", "--input", '{"name":"Ada"}', "-o", "json"], { env: { MILLRACE_API_KEY: made.key } });
    assert.equal((await use()).status, 0);
    const listed = await json<{ data: { id: string; name?: string }[] }>("keys", "list");
    assert.ok(listed.data.some(({ id, name }) => id === made.id && name === "site"));
    assert.ok(!JSON.stringify(listed).includes(made.key));
    assert.deepEqual(await json("key", "revoke", made.id), { id: made.id, revoked: true });
    const refused = await use();
    assert.deepEqual([refused.status, refused.stdout, errorOf(refused).type], [4, "", "unauthorized"]);

    const text = await project.run(["keys", "create", "--workflow", "greet"]);
    assert.match(text.stdout, /^mr_[A-Za-z0-9_-]{40}\n$/, "stdout is the key alone");
    const admin = await json<{ workflows: unknown[] }>("keys", "create", "--scope", "admin");
    assert.deepEqual(admin.workflows, []);
    assert.equal((await project.run(["keys", "create"])).status, 2);
    assert.equal((await project.run(["keys", "create", "--workflow", "nope"])).status, 5);
    assert.equal((await project.run(["keys", "create", "--workflow", "greet", "--expires", "never"])).status, 2);
  });

  test("a workflow is deleted only with --yes where nobody can be asked", async () => {
    project.write("gone.json", { ...greet("x"), name: "gone" });
    await json("deploy", "gone.json");
    const unasked = await project.run(["workflows", "delete", "gone"]);
    assert.deepEqual([unasked.status, unasked.stdout], [2, ""]);
    assert.match(unasked.stderr, /workflows delete: --yes is missing/);
    assert.equal((await project.run(["workflow", "delete", "gone", "-y"])).stdout, "  gone   deleted\n");
    assert.equal((await project.run(["workflows", "get", "gone"])).status, 5);
  });
});
