import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import type { JsonObject } from "@millrace/contract";
import { openToolWorld, type ToolWorld } from "./harness.ts";

const PROGRAM = fileURLToPath(new URL("./mcp-process.ts", import.meta.url));
const TOKEN = "a-token-of-the-mcp-server";

describe("tools of MCP servers", () => {
  const directory = mkdtempSync(join(tmpdir(), "millrace-mcp-"));
  const pidFile = join(directory, "pid");
  let world: ToolWorld;
  let server: ChildProcess;

  before(async () => {
    server = spawn(process.execPath, ["--disable-warning=ExperimentalWarning", PROGRAM, "http"], { stdio: ["ignore", "pipe", "inherit"] });
    const [line] = await once(server.stdout as NonNullable<typeof server.stdout>, "data");
    const commands = {
      local: [process.execPath, "--disable-warning=ExperimentalWarning", PROGRAM, "stdio", pidFile],
      broken: ["/no/such/program"],
      silent: ["/bin/false"],
    };
    world = await openToolWorld({ mcpCommands: JSON.stringify(commands) });
    await world.connect("remote", {
      provider: "mcp",
      baseUrl: `http://127.0.0.1:${String(line).trim()}/mcp`,
      credential: { type: "bearer", value: TOKEN },
    });
    await world.connect("local", { provider: "mcp-stdio", baseUrl: "mcp-stdio:local" });
  });
  after(async () => {
    await world.close();
    server.kill("SIGKILL");
    rmSync(directory, { recursive: true });
  });

  for (const name of ["remote", "local"]) {
    test(`${name}: its tools are listed, page after page, with schemas that stand alone`, async () => {
      const { status, json, text } = await world.manage("GET", `/tools/${name}`);
      assert.equal(status, 200, text);
      const tools = json["tools"] as { name: string; description: string; input: JsonObject }[];
      assert.deepEqual(
        tools.map((tool) => tool.name),
        ["add", "fail", "picture", "environment", "hang"].map((tool) => `${name}/${tool}`),
      );
      assert.deepEqual([json["kind"], tools[0]?.description], ["mcp", "Adds two numbers"]);
      const number = { type: "number" };
      assert.deepEqual(tools[0]?.input, { type: "object", properties: { a: number, b: number }, required: ["a", "b"] });
      assert.equal((await world.manage("POST", `/connections/${name}/test`, {})).json["ok"], true);
    });

    test(`${name}: a call answers what the tool says, by its kind`, async () => {
      assert.deepEqual(await world.call({ tool: `${name}/add`, input: { a: 2, b: 3 } }), { result: { sum: 5 }, text: "The sum is 5" });
      const picture = await world.call({ tool: `${name}/picture` });
      assert.deepEqual(picture, { result: [{ type: "image", data: "AP8=", mimeType: "image/png" }], text: "" });
    });

    test(`${name}: input that does not fit, a tool that fails, and one that there is not`, async () => {
      for (const input of [{ a: 2 }, { a: "2", b: 3 }])
        assert.equal((await world.refused({ tool: `${name}/add`, input }))["type"], "type_error");
      const failed = await world.refused({ tool: `${name}/fail` });
      assert.match(`${failed["type"]} ${failed["message"]}`, /^tool_error .*fail failed: no luck/);
      assert.equal((await world.refused({ tool: `${name}/none` }))["type"], "missing_reference");
    });

    test(`${name}: a call ends in its time`, async () => {
      const { type } = await world.refused({ tool: `${name}/hang`, timeoutMs: 3_000 });
      assert.match(String(type), /^(tool_error|node_timeout)$/);
    });
  }

  test("the credential does not come back", async () => {
    assert.doesNotMatch(String((await world.refused({ tool: "remote/fail" }))["message"]), new RegExp(TOKEN));
  });

  test("a process gets nothing of the server's environment but the way to programs, and is gone with its children", async () => {
    const { result } = await world.call({ tool: "local/environment" });
    assert.deepEqual(
      (result as string[]).filter((name) => name !== "PATH"),
      [],
    );
    const pid = Number(readFileSync(pidFile, "utf8"));
    while (isAlive(pid)) await new Promise((resolve) => setImmediate(resolve));
    await world.refused({ tool: "local/hang", timeoutMs: 3_000 });
    const hanging = Number(readFileSync(pidFile, "utf8"));
    assert.notEqual(hanging, pid);
    while (isAlive(-hanging)) await new Promise((resolve) => setImmediate(resolve));
  });

  test("only commands of the operator are started", async () => {
    for (const [name, words] of [
      ["unknown", /MILLRACE_MCP_COMMANDS/],
      ["broken", /cannot be talked to/],
      ["silent", /cannot be talked to/],
    ] as const) {
      await world.connect(name, { provider: "mcp-stdio", baseUrl: `mcp-stdio:${name}` });
      const { text } = await world.manage("POST", `/connections/${name}/test`, {});
      assert.match(text, words);
    }
    for (const baseUrl of ["mcp-stdio:/bin/sh", "mcp-stdio:sh -c x", "https://example.com"])
      assert.equal((await world.manage("PUT", "/connections/bad", { provider: "mcp-stdio", baseUrl })).status, 400, baseUrl);
  });

  test("servers that refuse, or are not there", async () => {
    const { baseUrl } = (await world.manage("GET", "/connections/remote")).json;
    await world.connect("stranger", { provider: "mcp", baseUrl });
    assert.match((await world.manage("POST", "/connections/stranger/test", {})).text, /tool_error/);
    await world.connect("nobody", { provider: "mcp", baseUrl: "http://127.0.0.1:9/mcp" });
    assert.match((await world.manage("POST", "/connections/nobody/test", {})).text, /http_network/);
    assert.equal((await world.manage("GET", "/tools/nobody")).status, 409);
  });
});

/** A process; below 0: any of a group. */
function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
