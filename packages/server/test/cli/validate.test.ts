import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { after, before, describe, test } from "node:test";
import { chain } from "#flow/testing/flows";
import { dataOf, Project } from "./harness.ts";

/** The place that is told, in the files below. */
const MARK = "¦";

const START = "  - id: start\n    type: start\n    input: { type: object, properties: { topic: { type: string } }, required: [topic] }";
const END = '  - id: end\n    type: end\n    output: { text: "{{ start.topic }}" }';

function flow(nodes: readonly string[], edges = "[start -> end]", more = ""): string {
  return `format: millrace/1\nname: news\n${more}nodes:\n${nodes.join("\n")}\nedges: ${edges}\n`;
}

/** What follows from a mistake. */
const CONSEQUENCES = [
  "flows/cycle.yaml:15:25 not_upstream",
  "flows/node-type.yaml:3:1 no_end",
  "flows/required.yaml:3:1 no_end",
  "flows/required.yaml:4:5 dead_end",
  "flows/required.yaml:9:9 unknown_node",
];

/** One mistake a file: its code, and the file with a mark where it is told. */
const MISTAKES: { readonly [file: string]: readonly [code: string, text: string] } = {
  "plain.yaml": ["unknown_variable", flow([START, `  - id: end\n    type: end\n    text: About {{ ${MARK}start.topik }}`])],
  "double-quoted.yaml": [
    "unknown_variable",
    flow([START, `  - id: end\n    type: end\n    text: "\\"\\u0041\\n {{ ${MARK}stat.topic }}"`]),
  ],
  "single-quoted.yaml": [
    "unknown_function",
    flow([START, `  - id: end\n    type: end\n    text: 'it''s {{ ${MARK}shout(start.topic) }}'`]),
  ],
  "literal-block.yaml": [
    "unknown_variable",
    flow([START, `  - id: end\n    type: end\n    text: |\n      One\n\n        Two {{ start.topic }} {{ ${MARK}begin.topic }}\n`]),
  ],
  "folded-block.yaml": [
    "unknown_variable",
    flow([START, `  - id: end\n    type: end\n    text: >-\n      One\n      two {{ ${MARK}start.topics }}\n`]),
  ],
  "folded-plain.yaml": [
    "unknown_variable",
    flow([START, `  - id: end\n    type: end\n    text: One\n      two\n      {{ ${MARK}start.topics }}\n`]),
  ],
  "unclosed.yaml": ["unclosed_expression", flow([START, `  - id: end\n    type: end\n    text: "About ${MARK}{{ start.topic"`])],
  "json.json": [
    "unknown_variable",
    `{\n  "format": "millrace/1",\n  "name": "news",\n  "nodes": [\n    { "id": "start", "type": "start" },\n    { "id": "end", "type": "end", "text": "\\u00e9\\t{{ ${MARK}stat.topic }}" }\n  ],\n  "edges": ["start -> end"]\n}\n`,
  ],
  "unknown-member.yaml": ["unknown_member", flow([START, `  - id: end\n    type: end\n    ${MARK}outputt: {}\n    output: {}`])],
  "unknown-top.yaml": ["unknown_member", flow([START, END], undefined, `${MARK}descripton: x\n`)],
  "required.yaml": ["required", flow([START, `  - ${MARK}type: end\n    output: {}`])],
  "required-name.yaml": ["required", `${MARK}format: millrace/1\nnodes:\n${START}\n${END}\nedges: [start -> end]\n`],
  "node-type.yaml": ["unknown_node_type", flow([START, `  - id: end\n    type: ${MARK}ende\n    output: {}`])],
  "duplicate-id.yaml": ["duplicate_id", flow([START, END, `  - id: ${MARK}end\n    type: end\n    output: {}`])],
  "edge-node.yaml": ["unknown_node", flow([START, END], `\n  - start -> end\n  - ${MARK}start -> ende`)],
  "edge-port.yaml": ["unknown_port", flow([START, END], `[start -> end, ${MARK}start.yes -> end]`)],
  "edge-object.yaml": ["unknown_node", flow([START, END], `\n  - start -> end\n  - ${MARK}from: start\n    to: nowhere`)],
  "in-a-body.yaml": [
    "unknown_variable",
    flow(
      [
        START,
        `  - id: each\n    type: loop\n    count: 2\n    body:\n      nodes:\n        - id: say\n          type: template\n          text: "{{ ${MARK}start.nope }}"\n      edges: []`,
        END,
      ],
      "[start -> each, each -> end]",
    ),
  ],
  "start-schema.yaml": [
    "invalid_start_schema",
    flow([
      `  - id: start\n    type: start\n    input:\n      type: object\n      properties:\n        topic: { type: ${MARK}strin }`,
      "  - id: end\n    type: end\n    output: {}",
    ]),
  ],
  "code.yaml": [
    "MR_CODE_SYNTAX",
    flow(
      [START, `  - id: code\n    type: code\n    code: |\n      const a = 1;\n      return a ${MARK}b;`, END],
      "[start -> code, code -> end]",
    ),
  ],
  "alias.yaml": ["unknown_variable", flow([START, `  - id: end\n    type: end\n    output: { first: &text "{{ ${MARK}start.x }}" }`])],
  "yaml.yaml": ["file_unreadable", `format: millrace/1\nname: news\nnodes:\n  - id: start\n    type: "start\n${MARK}`],
  "yaml-twice.yaml": ["file_unreadable", `format: millrace/1\nname: news\n${MARK}name: again\n`],
  "cycle.yaml": [
    "cycle",
    flow(
      [START, "  - id: a\n    type: template\n    text: a", "  - id: b\n    type: template\n    text: b", END],
      "\n  - start -> a\n  - a -> b\n  - b -> a\n  - b -> end",
    ).replace("edges:", `${MARK}edges:`),
  ],
};

const fileOf = (line: string): string => line.slice(0, line.indexOf(":"));

function placeOf(text: string): string {
  const before = text.slice(0, text.indexOf(MARK));
  return `${before.split("\n").length}:${before.length - before.lastIndexOf("\n")}`;
}

describe("millrace validate", () => {
  let project: Project;
  before(() => {
    project = new Project();
  });
  after(() => project.dispose());

  test("L23: tells each of the seeded mistakes at its line and column, in the order of the files", async () => {
    for (const [file, [, text]] of Object.entries(MISTAKES))
      project.write(`flows/${file}`, text.replace(MARK, "").replace(/\bnews\b/, file));
    const { status, stdout, stderr } = await project.run(["validate"]);
    assert.equal(status, 3);
    assert.equal(stdout, "");
    const told = stderr
      .trimEnd()
      .split("\n")
      .map((line) => /^(\S+:\d+:\d+) (\w+): .+/.exec(line)?.slice(1, 3).join(" ") ?? line);
    const expected = Object.entries(MISTAKES).map(([file, [code, text]]) => `flows/${file}:${placeOf(text)} ${code}`);
    assert.deepEqual(told.toSorted(), [...expected, ...CONSEQUENCES].sort());
    assert.deepEqual(told.map(fileOf), told.map(fileOf).sort(), "file by file");
    assert.ok(expected.length >= 20);
  });

  test("tells programs the same, in one line", async () => {
    const { status, stdout, stderr } = await project.run(["validate", "flows/plain.yaml", "flows/edge-port.yaml", "-o", "json"]);
    assert.equal(status, 3);
    assert.equal(stdout, "");
    const { error } = JSON.parse(stderr) as { error: { type: string; message: string; errors: Record<string, unknown>[] } };
    assert.equal(error.type, "invalid_flow");
    assert.equal(error.message, "2 errors in 2 files");
    assert.deepEqual(
      error.errors.map(({ file, line, column, code, level }) => [file, line, column, code, level]),
      [
        ["flows/plain.yaml", 9, 20, "unknown_variable", "error"],
        ["flows/edge-port.yaml", 10, 23, "unknown_port", "error"],
      ],
    );
  });

  test("prints the hint with the problem", async () => {
    const { stderr } = await project.run(["validate", "flows/plain.yaml"]);
    assert.equal(stderr, "flows/plain.yaml:9:20 unknown_variable: unknown variable start.topik (did you mean start.topic?)\n");
  });

  for (const [language, told] of [
    ["zh_CN.UTF-8", "未知变量 start.topik (是否指 start.topic？)"],
    ["zh_TW.UTF-8", "未知變數 start.topik (是否指 start.topic？)"],
    ["ja_JP.UTF-8", "不明な変数 start.topik です (start.topic のことですか？)"],
    ["de_DE.UTF-8", "unknown variable start.topik (did you mean start.topic?)"],
  ] as const)
    test(`LANG=${language}: says it in that language where there is one, with the same codes and places`, async () => {
      const { status, stderr } = await project.run(["validate", "flows/plain.yaml"], { env: { LANG: language } });
      assert.equal(status, 3);
      assert.equal(stderr.split("\n")[0], `flows/plain.yaml:9:20 unknown_variable: ${told}`);
    });

  test("says where the mistakes of a .flow are, and asks no server", async () => {
    const sample = JSON.stringify(chain([], { name: "greeting" }), null, 2);
    project.write("good.flow", sample);
    project.write("bad.flow", sample.replace('"type": "END"', '"type": "FINISH"'));
    const good = await project.run(["validate", "good.flow", "-o", "json"], { env: { MILLRACE_ENDPOINT: "http://127.0.0.1:1" } });
    assert.deepEqual(
      dataOf<{ files: { file: string; name: string }[] }>(good).files.map(({ file, name }) => [file, name]),
      [["good.flow", "greeting"]],
    );
    const bad = await project.run(["validate", "bad.flow"]);
    assert.equal(bad.status, 3);
    const line = sample.slice(0, sample.indexOf('"type": "END"')).split("\n").length;
    assert.match(bad.stderr, new RegExp(`^bad\\.flow:${line}:\\d+ WF_NODE_TYPE_INVALID: `, "m"));
  });

  test("warnings do not fail a file, and are told on stderr", async () => {
    project.write("warned.yaml", flow([START, END], "[start -> end, start -> end]"));
    const { status, stdout, stderr } = await project.run(["validate", "warned.yaml"]);
    assert.deepEqual([status, stdout], [0, "  1 file, no errors\n"]);
    assert.match(stderr, /^warned\.yaml:10:23 warning duplicate_edge: /);
  });

  test("a file that is not there, and a folder without files, are mistakes of the call", async () => {
    const missing = await project.run(["validate", "nope.yaml"]);
    assert.deepEqual([missing.status, missing.stdout], [2, ""]);
    assert.match(missing.stderr, /nope\.yaml cannot be read \(ENOENT\)/);
    const empty = new Project();
    const { status, stderr } = await empty.run(["validate"]);
    await empty.dispose();
    assert.equal(status, 2);
    assert.match(stderr, /no workflow files in flows/);
  });

  test("reads what is not UTF-8 as what it is", async () => {
    project.write("latin.yaml", "x");
    writeFileSync(project.path("latin.yaml"), Buffer.from("name: caf\xe9\n", "latin1"));
    assert.match((await project.run(["validate", "latin.yaml"])).stderr, /^latin\.yaml:1:1 file_unreadable: the file is not valid UTF-8/);
  });
});
