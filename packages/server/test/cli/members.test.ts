import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { after, before, describe, test } from "node:test";
import type { AuditView } from "@millrace/contract";
import { dataOf, errorOf, Project, type Running, urlOf } from "./harness.ts";

const PASSWORD = "a long sentence of a test";
const ADMIN_KEY = `mr_${"A1b2".repeat(10)}`;

/** What the console's page sends. */
async function post(url: string, path: string, body: object): Promise<Response> {
  const headers = { Origin: url, "Content-Type": "application/json" };
  return fetch(url + path, { method: "POST", headers, body: JSON.stringify(body) });
}

describe("members", () => {
  let project: Project;
  let server: Running;
  const millrace = (...args: string[]) => project.run(args, { env: { MILLRACE_API_KEY: ADMIN_KEY } });
  before(async () => {
    project = new Project();
    server = project.start(["start", "--port", "0"], { env: { MILLRACE_ADMIN_KEY: ADMIN_KEY } });
    await server.seen(/"url":"http:/);
  });
  after(() => project.dispose());

  test("start prints a link to make the first owner, which works once; the next start prints none", async () => {
    const [, url = "", token = ""] = await server.seen(/"setup":"(http:\/\/127\.0\.0\.1:\d+)\/setup#([A-Za-z0-9_-]{40})"/);
    const person = { token, email: "ada@example.com", password: PASSWORD };
    const answer = await post(url, "/api/v1/setup", person);
    assert.equal(answer.status, 200, await answer.text());
    assert.equal((await post(url, "/api/v1/setup", person)).status, 401);
    const bytes = readdirSync(project.path(".millrace"), { withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map(({ name }) => readFileSync(project.path(".millrace", name), "latin1"));
    for (const secret of [token, PASSWORD]) assert.ok(!bytes.some((text) => text.includes(secret)));
    await server.end();
    server = project.start(["start", "--port", "0"], { env: { MILLRACE_ADMIN_KEY: ADMIN_KEY } });
    await server.seen(/"url":"http:/);
    assert.deepEqual(await (await fetch(`${urlOf(server)}/api/v1/setup`)).json(), { needed: false });
    assert.doesNotMatch(server.stdout() + server.stderr(), /"setup"/);
  });

  test("an invited member joins with the link, is given another role, and removed", async () => {
    const { url } = dataOf<{ url: string }>(await millrace("members", "invite", "Grace@example.com", "--role", "operator", "--json"));
    assert.match((await millrace("members", "list")).stdout, /grace@example\.com +operator +invited +never/);
    const joined = await post(urlOf(server), "/api/v1/invitations/accept", { token: url.split("#")[1], password: PASSWORD });
    assert.equal(joined.status, 200);
    const listed = dataOf<{ members: { email: string; role: string }[]; invitations: unknown[] }>(
      await millrace("members", "list", "--json"),
    );
    assert.deepEqual(listed.invitations, []);
    assert.deepEqual(
      listed.members.map(({ email, role }) => [email, role]),
      [
        ["ada@example.com", "owner"],
        ["grace@example.com", "operator"],
      ],
    );
    assert.equal((await millrace("members", "set-role", "grace@example.com", "editor", "-o", "name")).status, 0);
    assert.match((await millrace("members", "disable", "grace@example.com")).stdout, /editor +disabled/);
    const removed = await millrace("members", "remove", "grace@example.com", "--yes");
    assert.match(removed.stdout, /grace@example\.com {3}removed/);
    assert.equal((await millrace("members", "remove", "grace@example.com", "--yes")).status, 5);
  });

  test("an invitation is taken back: its link works no more", async () => {
    const { url } = dataOf<{ url: string }>(await millrace("members", "invite", "alan@example.com", "--json"));
    assert.match((await millrace("members", "remove", "Alan@example.com", "--yes")).stdout, /alan@example\.com {3}removed/);
    const answer = await post(urlOf(server), "/api/v1/invitations/accept", { token: url.split("#")[1], password: PASSWORD });
    assert.equal(answer.status, 401);
  });

  test("the last owner is neither removed nor demoted", async () => {
    for (const args of [
      ["remove", "ada@example.com", "--yes"],
      ["disable", "ada@example.com"],
      ["set-role", "ada@example.com", "viewer"],
    ]) {
      const result = await millrace("members", ...args, "--json");
      assert.equal(result.status, 9, args.join(" "));
      assert.match(errorOf(result).message, /last owner/);
    }
    assert.equal((await millrace("members", "set-role", "ada@example.com", "boss")).status, 2);
  });

  test("the audit log has all of it, newest first, by whom and from where", async () => {
    const { data } = dataOf<{ data: AuditView[] }>(await millrace("audit", "list", "--limit", "0", "--json"));
    const done = data.map(({ actor, action, result }) => `${actor.kind} ${actor.name ?? ""} ${action} ${result}`).toReversed();
    const key = "key MILLRACE_ADMIN_KEY";
    assert.deepEqual(done, [
      "member ada@example.com setUp done",
      `${key} inviteMember done`,
      "member grace@example.com acceptInvitation done",
      `${key} updateMember done`,
      `${key} updateMember done`,
      `${key} removeMember done`,
      `${key} inviteMember done`,
      `${key} revokeInvitation done`,
      `${key} removeMember refused`,
      `${key} updateMember refused`,
      `${key} updateMember refused`,
    ]);
    for (const { address } of data) assert.equal(address, "127.0.0.1");
    const refused = await millrace("audit", "list", "--result", "refused", "--action", "removeMember", "-o", "name");
    assert.equal(refused.stdout.trim().split("\n").length, 1);
    assert.match((await millrace("audit", "list", "--limit", "1")).stdout, /who +action +targets +from +result/i);
  });

  test("a key is rotated: both work during the overlap, and the list says which replaced which", async () => {
    const made = dataOf<{ id: string; key: string }>(
      await millrace("keys", "create", "--scope", "admin", "--role", "viewer", "--expires", "90d", "--name", "watch", "--json"),
    );
    const rotated = dataOf<{ id: string; key: string; role: string; expiresAt: number }>(
      await millrace("keys", "rotate", made.id, "--overlap", "2h", "--json"),
    );
    assert.equal(rotated.role, "viewer");
    for (const key of [made.key, rotated.key]) {
      const env = { MILLRACE_API_KEY: key };
      assert.equal((await project.run(["workflows", "list"], { env })).status, 0);
      const refused = await project.run(["keys", "create", "--scope", "admin", "--json"], { env });
      assert.deepEqual([refused.status, errorOf(refused).type, errorOf(refused).hint], [4, "role", null]);
    }
    const again = await millrace("keys", "rotate", made.id, "--json");
    assert.deepEqual([again.status, errorOf(again).type], [9, "conflict"]);
    assert.match((await millrace("keys", "list")).stdout, new RegExp(`${made.id}.* viewer .*${rotated.id}`));
    const { data } = dataOf<{ data: { id: string; expiresAt?: number }[] }>(await millrace("keys", "list", "--json"));
    const hours = ((data.find(({ id }) => id === made.id)?.expiresAt ?? 0) - Date.now()) / 3_600_000;
    assert.ok(hours > 1.9 && hours <= 2, String(hours));
  });

  test("an owner is made in the data directory, or given a new password, while no server runs there", async () => {
    const create = (email: string, input: string) =>
      project.run(["members", "create-owner", email, "--password-stdin", "--json"], { input });
    assert.equal((await create("eve@example.com", PASSWORD)).status, 9);
    await server.end();
    assert.equal((await create("eve@example.com", "too short")).status, 2);
    assert.equal((await create("no address", PASSWORD)).status, 2);
    assert.equal((await project.run(["members", "create-owner", "eve@example.com"])).status, 2, "nobody can be asked");
    assert.equal(dataOf<{ role: string }>(await create("eve@example.com", `${PASSWORD}\n`)).role, "owner");
    dataOf(await create("ada@example.com", "another long sentence"));
    server = project.start(["start", "--port", "0"], { env: { MILLRACE_ADMIN_KEY: ADMIN_KEY } });
    await server.seen(/"url":"http:/);
    const signIn = async (email: string, password: string) => (await post(urlOf(server), "/api/v1/sign-in", { email, password })).status;
    assert.deepEqual(
      [
        await signIn("eve@example.com", PASSWORD),
        await signIn("ada@example.com", "another long sentence"),
        await signIn("ada@example.com", PASSWORD),
      ],
      [200, 200, 401],
    );
    const { data } = dataOf<{ data: AuditView[] }>(await millrace("audit", "list", "--action", "createOwner", "--json"));
    assert.deepEqual(
      data.map(({ actor, targets }) => [actor.kind, targets["email"]]),
      [
        ["system", "ada@example.com"],
        ["system", "eve@example.com"],
      ],
    );
  });
});
