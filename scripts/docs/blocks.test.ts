import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { type Block, blocksOf, fileOf, indentedBlocks } from "./blocks.ts";
import { checkCommands, commandsOf } from "./check-commands.ts";
import { checkJson, checkYaml } from "./check-data.ts";
import { checkTypes } from "./check-types.ts";
import { runShell } from "./run-shell.ts";

const PAGE = "docs/page.md";

/** The one block of a page. */
function block(info: string, ...lines: string[]): Block {
  const [only, ...others] = blocksOf(PAGE, ["# Page", "", `\`\`\`${info}`, ...lines, "```", ""].join("\n"));
  assert.ok(only && others.length === 0);
  return only;
}

const said = (findings: readonly { line: number; message: string }[]) => findings.map(({ line, message }) => `${line}: ${message}`);

describe("reading", () => {
  test("blocks have their place, language, marks and text; those in a list lose the indentation of their fence", () => {
    const [first, second] = blocksOf(PAGE, "a\n\n```sh no-run\nls\n```\n\n- item\n\n  ~~~yaml\n  a:\n    b: 1\n  ~~~\n");
    assert.deepEqual(first, { page: PAGE, line: 4, language: "sh", marks: new Set(["no-run"]), text: "ls\n" });
    assert.deepEqual(second, { page: PAGE, line: 10, language: "yaml", marks: new Set(), text: "a:\n  b: 1\n" });
  });

  test("a block by indentation is told of, what is indented in a list or in a fence is none", () => {
    assert.deepEqual(said(indentedBlocks(PAGE, "text\n\n    millrace dev\n")), [
      "3: a block by indentation: fence it, and say its language",
    ]);
    assert.deepEqual(indentedBlocks(PAGE, "- item\n\n    more of it\n"), []);
    assert.deepEqual(indentedBlocks(PAGE, "```yaml\na:\n\n    b: 1\n```\n"), []);
  });
});

describe("data", () => {
  test("JSON and YAML that are none", () => {
    assert.match(String(said(checkJson(block("json", "{ a: 1 }")))), /^4: no JSON/);
    assert.deepEqual(checkJson(block("json", '{ "a": 1 }')), []);
    assert.match(String(said(checkYaml(block("yaml", "a: 1", "b: [")))), /^\d: no YAML/);
  });

  test("a workflow is planned, a test file read, and nodes are parts of a workflow", () => {
    const nodes = [
      "nodes:",
      "  - { id: start, type: start }",
      "  - { id: end, type: end, text: '{{ strat.a }}' }",
      "edges: [start -> end]",
    ];
    assert.match(String(said(checkYaml(block("yaml", "format: millrace/1", "name: a", ...nodes)))), /^8: unknown_variable/);
    assert.match(String(said(checkYaml(block("yaml", "workflow: a", "cases:", "  - { name: a, imput: {} }")))), /imput/);
    assert.deepEqual(checkYaml(block("yaml", "- id: a", "  type: template", "  text: '{{ other.b }}'")), []);
    assert.match(String(said(checkYaml(block("yaml", "- id: a", "  type: template", "  txt: a")))), /txt/);
  });
});

describe("TypeScript", () => {
  test("a block sees those before it on its page, and no other page's; an error has its line", () => {
    const first = block("ts", 'import { Client } from "@millrace/sdk";', "const millrace = new Client();");
    const second = { ...block("ts", "const a: string = millrace;"), line: 20 };
    const elsewhere = { ...block("ts", "millrace.runs;"), page: "docs/other.md" };
    const findings = checkTypes([first, second, elsewhere]);
    assert.deepEqual(
      findings.map(({ page, line, message }) => `${page}:${line} ${message.slice(0, 6)}`),
      [`${PAGE}:20 TS2322`, "docs/other.md:4 TS2304"],
    );
    assert.deepEqual(checkTypes([first]), []);
  });
});

describe("commands that are not run", () => {
  test("are found behind assignments, npx, pipes and in substitutions; words in quotes, comments and redirections are none", () => {
    const line = `echo "$T" | A=1 npx millrace secrets set T <t.txt && x="$(cat a)" millrace invoke a -i b='c | d' >out # millrace nonsense`;
    assert.deepEqual(commandsOf(line), [
      ["secrets", "set", "T"],
      ["invoke", "a", "-i", "b=c | d"],
    ]);
    assert.deepEqual(commandsOf("cd millrace && npm i millrace"), []);
  });

  test("an unknown command or flag, a missing argument, a wrong choice", async () => {
    for (const [line, reason] of [
      ["millrace inwoke a", /unknown command/],
      ["millrace invoke a --asink", /unknown option/],
      ["millrace invoke", /missing/],
      ["millrace runs list --status DONE", /Allowed choices/i],
    ] as const) {
      const [finding] = await checkCommands(block("sh no-run", "cd x", line));
      assert.match(String(finding?.message), reason);
      assert.equal(finding?.line, 5);
    }
    assert.deepEqual(await checkCommands(block("sh no-run", "millrace invoke a \\", "  --wait=5s -o json")), []);
  });
});

describe("shell", () => {
  test("blocks share a folder and variables; output and exit status have to be as they say", async () => {
    const blocks = [
      block("sh", "echo 'two words' > file; GREETING=hello"),
      { ...block("sh", 'echo "$GREETING"; cat file; (exit 3) # exits: 3'), line: 9 },
    ];
    assert.deepEqual(await runShell(PAGE, blocks), []);
    const printing = await runShell(PAGE, [block("sh", "echo one; echo two", "# prints: two", "# prints: one")]);
    assert.match(String(said(printing)), /^4: does not print "one"/);
    assert.match(String(said(await runShell(PAGE, [block("sh", "true"), { ...block("sh", "false"), line: 9 }]))), /^9: fails with 1/);
    assert.match(String(said(await runShell(PAGE, [block("sh", "true # exits: 3")]))), /ended with 0, and should with 3/);
  });

  test("a block that may take its time is begun anew until it prints what it should", async () => {
    const counting = block("sh retry", "echo x >> tries; wc -l < tries", "# prints: 3");
    assert.deepEqual(await runShell(PAGE, [counting, { ...block("sh", "[ $(wc -l < tries) = 3 ]"), line: 9 }]), []);
  });

  test("a block that stands for a file is there before anything runs", async () => {
    const file = block("yaml file=flows/a.yaml", "a: 1");
    assert.equal(fileOf(file), "flows/a.yaml");
    assert.deepEqual(await runShell(PAGE, [block("sh", "cat flows/a.yaml", "# prints: a: 1")], [file]), []);
  });

  test("millrace is the command of the sources; a background block goes on, and ends with its page", async () => {
    const ready = block("sh background", "echo $BASHPID > pid; echo listening; exec sleep 600");
    const findings = await runShell(PAGE, [
      { ...ready, line: 4 },
      { ...block("sh", "npx millrace version", "kill -0 $(cat pid) && cp pid $TMPDIR/seen"), line: 8 },
    ]);
    assert.match(String(said(findings)), /TMPDIR/, "nothing but what a page needs is in the environment");
    const dead = await runShell(PAGE, [block("sh background", "echo 'address in use'; exit 1")]);
    assert.match(String(said(dead)), /address in use[\s\S]*it does not listen/);
    assert.deepEqual(await runShell(PAGE, [ready, { ...block("sh", "kill -0 $(cat pid)"), line: 9 }]), []);
  });
});
