import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { COMMANDS, GROUPS } from "#cli/command-table";
import { EXIT } from "#cli/exit-codes";
import { dataOf, errorOf, Project } from "./harness.ts";

/** Commands that scripts are written against, with their flags: none is renamed or taken away. */
const PROMISED: { readonly [command: string]: readonly string[] } = {
  init: ["--template", "--yes"],
  dev: ["--port", "--open", "--reset"],
  start: [],
  invoke: [
    ...["-i", "--input", "--user", "--async", "--wait", "--stream", "--draft", "--version", "--webhook", "--idempotency-key"],
    ...["--mock", "--repeat", "--cancel-on-interrupt"],
  ],
  "workflows list": [],
  "workflows get": [],
  "workflows delete": [],
  "runs list": ["--workflow", "--status", "--user", "--since", "--min-cost", "--q"],
  "runs get": [],
  "runs follow": [],
  "runs wait": [],
  "runs cancel": [],
  "runs replay": [],
  logs: ["-f", "--node", "--level"],
  validate: [],
  fmt: ["--check"],
  test: ["--update", "--record", "--reporter", "--bail"],
  diff: ["--exit-code"],
  deploy: ["--publish", "-m", "--dry-run", "--if-revision"],
  pull: ["--all"],
  "versions list": [],
  "versions show": [],
  "versions rollback": [],
  "versions promote": [],
  types: ["-o", "--check"],
  "keys create": ["--scope", "--workflow", "--expires"],
  "keys list": [],
  "keys rotate": ["--overlap"],
  "keys revoke": [],
  "webhooks listen": [],
  "webhooks trigger": [],
  "webhooks deliveries list": [],
  "webhooks deliveries get": [],
  "webhooks deliveries resend": [],
  "webhooks deliveries recover": [],
  "webhooks secret rotate": [],
  "connections list": [],
  "connections set": [],
  "connections test": [],
  "connections delete": [],
  "alerts list": [],
  "alerts test": [],
  doctor: ["--json"],
  backup: [],
  restore: ["--to"],
  migrate: ["--dry-run"],
  export: ["--format"],
  import: [],
  whoami: [],
  login: [],
  "profiles list": [],
  "profiles use": [],
  "profiles delete": [],
  open: [],
  completion: [],
  help: ["--json"],
  version: [],
};

describe("help and usage", () => {
  let project: Project;
  before(() => {
    project = new Project();
  });
  after(() => project.dispose());

  test("L16: an unknown command or flag ends with 2 and the nearest name", async () => {
    const cases: readonly (readonly [args: string[], message: RegExp, hint: RegExp])[] = [
      [["depoly"], /unknown command 'depoly'/, /did you mean deploy\?/],
      [["workflows", "lst"], /unknown command 'lst'/, /did you mean list\?/],
      [["deploy", "--publich"], /unknown option '--publich'/, /did you mean --publish\?/],
      [["workflows"], /a command is missing/, /millrace help/],
      [["xyzzy"], /unknown command 'xyzzy'/, /millrace help/],
      [["runs", "list", "--status", "DONE"], /--status <status>.*'DONE' is invalid/, /millrace help/],
      [["version", "1", "2"], /too many arguments/, /millrace help/],
    ];
    for (const [args, message, hint] of cases) {
      const result = await project.run([...args, "--json"]);
      assert.deepEqual([result.status, result.stdout], [2, ""], args.join(" "));
      const error = errorOf(result);
      assert.equal(error.type, "usage");
      assert.match(error.message, message);
      assert.match(error.hint ?? "", hint);
    }
  });

  test("L16: all arguments that are missing are told at once", async () => {
    const result = await project.run(["versions", "promote"]);
    assert.deepEqual([result.status, result.stdout], [2, ""]);
    assert.match(result.stderr, /^usage: versions promote: <workflow> and <version> are missing\n/);
  });

  test("resources are plural, the singular is accepted, other short forms are not", async () => {
    for (const [group, { singular }] of Object.entries(GROUPS)) {
      const plural = await project.run(["help", ...group.split(" ")]);
      assert.equal(plural.status, 0);
      const [verb = ""] = COMMANDS.flatMap(({ name }) => (name.startsWith(`${group} `) ? [name.slice(group.length + 1)] : []));
      const words = [...group.split(" ").slice(0, -1), singular, verb];
      assert.equal((await project.run([...words, "--help"])).status, 0, words.join(" "));
    }
    assert.equal((await project.run(["work", "list"])).status, 2);
  });

  test("L19: help --json has the commands and flags that are promised", async () => {
    const { commands, globalFlags } = dataOf<{
      globalFlags: { flag: string; short: string | null }[];
      commands: { command: string; flags: { flag: string; short: string | null }[] }[];
    }>(await project.run(["help", "--json"]));
    const spelled = (flags: typeof globalFlags) => flags.flatMap(({ flag, short }) => (short === null ? [flag] : [flag, short]));
    const known = new Map(commands.map(({ command, flags }) => [command, spelled(flags)]));
    const everywhere = spelled(globalFlags);
    const missing = Object.entries(PROMISED).flatMap(([command, flags]) => {
      const own = known.get(command);
      return own
        ? flags.filter((flag) => !own.includes(flag) && !everywhere.includes(flag)).map((flag) => `${command} ${flag}`)
        : [command];
    });
    assert.deepEqual(missing, []);
    const global = ["-o", "--output", "--json", "-q", "--quiet", "-v", "--verbose", "--profile", "--endpoint", "--no-color"];
    const others = ["--no-input", "-y", "--yes", "--timeout", "--api-key-stdin"];
    assert.deepEqual(
      [...global, ...others].filter((flag) => !everywhere.includes(flag)),
      [],
    );
  });

  test("L19: help --json describes every command with its flags, arguments, output and exit codes", async () => {
    interface Described {
      readonly exitCodes: readonly { code: number }[];
      readonly globalFlags: readonly { flag: string }[];
      readonly commands: readonly {
        command: string;
        summary: string;
        arguments: unknown[];
        flags: { flag: string; type: string; summary: string }[];
        output: object | null;
        exitCodes: number[];
      }[];
    }
    const described = dataOf<Described>(await project.run(["help", "--json"]));
    assert.deepEqual(
      described.exitCodes.map(({ code }) => code).toSorted((a, b) => a - b),
      Object.values(EXIT).toSorted((a, b) => a - b),
    );
    assert.deepEqual(
      described.commands.map(({ command }) => command),
      COMMANDS.map(({ name }) => name),
    );
    for (const command of described.commands) {
      const { stdout } = await project.run(["help", ...command.command.split(" ")]);
      const shown = [...stdout.matchAll(/^ {2}(?:-\w, )?(--?[\w-]+)/gm)].map(([, flag]) => flag).filter((flag) => flag !== "--help");
      const known = [...command.flags, ...described.globalFlags].map(({ flag }) => flag);
      assert.deepEqual(known.toSorted(), shown.toSorted(), command.command);
      for (const code of command.exitCodes) assert.ok(described.exitCodes.some((exit) => exit.code === code));
    }
    const one = dataOf<Described>(await project.run(["help", "runs", "wait", "--json"]));
    assert.deepEqual(
      one.commands.map(({ command }) => command),
      ["runs wait"],
    );
    assert.equal((await project.run(["help", "nothing", "--json"])).status, 2);
    assert.equal((await project.run(["help", "nothing"])).status, 2);
  });

  test("no command and --help print the help, --version the version", async () => {
    const bare = await project.run([]);
    const help = await project.run(["--help"]);
    assert.deepEqual([bare.status, bare.stdout], [0, help.stdout]);
    assert.match(help.stdout, /^Usage: millrace/);
    assert.equal((await project.run(["--version"])).stdout, "millrace 0.1.0\n");
  });

  test("L8: help, version and a mistake load no server", async () => {
    for (const args of [["--help"], ["version"], ["depoly"], ["help", "deploy"]]) {
      const { stderr } = await project.run(args, { env: { NODE_DEBUG: "esm" }, sources: true });
      assert.match(stderr, /src\/cli\/main\.ts/, "the trace of the loader");
      assert.ok(!/fastify|typebox|node_modules\/yaml|#app|src\/app\.ts/.test(stderr), args.join(" "));
    }
  });
});
