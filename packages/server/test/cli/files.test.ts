import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { after, before, describe, test } from "node:test";
import { dataOf, errorOf, Project } from "./harness.ts";

const greet = (name: string, text: string) => `format: millrace/1
name: ${name}

# What it needs.
nodes:
  - id: start
    type: start
    input: { type: object, properties: { name: { type: string, description: "Whom to greet." } }, required: [name] }

  - id: end
    type: end
    output: { greeting: "${text} {{ start.name }}" } # said

edges:
  - start -> end
`;

const edited = (text: string) => ({
  format: "millrace/1",
  name: "greet",
  nodes: [
    {
      id: "start",
      type: "start",
      input: { type: "object", properties: { name: { type: "string", description: "Whom to greet." } }, required: ["name"] },
    },
    { id: "end", type: "end", output: { greeting: `${text} {{ start.name }}` } },
  ],
  edges: ["start -> end"],
  layout: { start: [0, 0], end: [200, 0] },
});

/** A project whose files are deployed to a server that watches others. */
describe("files and the server", () => {
  let server: Project;
  let project: Project;
  let env: Record<string, string>;
  before(async () => {
    server = new Project();
    await server.dev();
    const { url } = JSON.parse(server.read(".millrace/server.json")) as { url: string };
    env = { MILLRACE_ENDPOINT: url, MILLRACE_API_KEY: server.read(".millrace/admin.key").trim() };
    project = new Project();
    project.write("flows/greet.yaml", greet("greet", "Hello"));
    dataOf(await run("deploy", "--publish", "-m", "first", "--json"));
  });
  after(async () => {
    await project.dispose();
    await server.dispose();
  });

  const run = (...args: string[]) => project.run(args, { env });

  /** As the console would. */
  async function saveDraft(document: object): Promise<void> {
    const { MILLRACE_ENDPOINT: url = "", MILLRACE_API_KEY: key = "" } = env;
    const answer = await fetch(`${url}/api/v1/workflows/greet/draft`, {
      method: "PUT",
      headers: { Authorization: `Bearer ${key}`, "Content-Type": "application/json" },
      body: JSON.stringify({ document }),
    });
    assert.equal(answer.status, 200, await answer.text());
  }

  test("L27: diff: nothing, a moved node, one field, a file that is new; --exit-code tells by the exit status", async () => {
    const none = await run("diff", "--exit-code");
    assert.deepEqual([none.status, none.stdout, none.stderr], [0, "", "  no changes\n"]);
    await saveDraft(edited("Hello"));
    const moved = await run("diff", "--exit-code");
    assert.deepEqual([moved.status, moved.stdout, moved.stderr], [0, "", "  nodes were moved, nothing else\n"]);
    await saveDraft(edited("Good day"));
    const line = '  greet  end › output.greeting  "Good day {{ start.name }}" → "Hello {{ start.name }}"\n';
    assert.equal((await run("diff")).stdout, line, "from the draft to the file");
    const failing = await run("diff", "--exit-code");
    assert.deepEqual([failing.status, failing.stdout, failing.stderr], [3, "", line]);
    assert.equal((await run("diff", "flows/greet.yaml")).stdout, line);
    const back = '  greet  end › output.greeting  "Hello {{ start.name }}" → "Good day {{ start.name }}"\n';
    for (const args of [["greet"], ["greet@1.0.0"], ["greet@live", "@draft"], ["flows/greet.yaml", "greet"]])
      assert.equal((await run("diff", ...args)).stdout, back, args.join(" "));
    project.write("fresh.yaml", greet("fresh", "Hello"));
    assert.equal((await run("diff", "fresh.yaml")).stdout, "  fresh  new\n");
    assert.equal((await run("diff", "nope")).status, 5);
    assert.equal((await run("diff", "a", "b", "c")).status, 2);
  });

  test("a dry run of a publishing deploy compares with what is live, whatever the draft says", async () => {
    project.write("flows/greet.yaml", greet("greet", "Good day"));
    await run("deploy");
    const dry = await run("deploy", "--publish", "--dry-run");
    assert.equal(dry.stdout, "  greet  1 changed  end › output.greeting  not changed: --dry-run\n");
    project.write("flows/greet.yaml", greet("greet", "Hello"));
    await run("deploy");
    assert.equal((await run("deploy", "--publish", "--dry-run")).stdout, "  no changes\n");
  });

  test("pull after a moved node changes `layout` alone, and the file is in canonical form", async () => {
    assert.equal((await run("pull")).stdout, "  no changes\n");
    await saveDraft(edited("Hello"));
    const pulled = await run("pull");
    assert.deepEqual([pulled.status, pulled.stdout], [0, "  flows/greet.yaml   changed\n"], pulled.stderr);
    assert.equal(project.read("flows/greet.yaml"), `${greet("greet", "Hello")}\nlayout:\n  start: [0, 0]\n  end: [200, 0]\n`);
    assert.equal((await run("fmt", "--check")).status, 0);
  });

  test("L22: after pull and fmt --check, git status is clean", async () => {
    const git = (...words: string[]) => project.bash(`git -c user.name=d -c user.email=d@example.com ${words.join(" ")}`);
    assert.equal((await run("pull")).status, 0);
    for (const words of [["init -q"], ["add -A"], ["commit -qm files"]]) {
      const { status, stderr } = await git(...words);
      assert.equal(status, 0, stderr);
    }
    assert.equal((await run("pull")).stdout, "  no changes\n");
    assert.equal((await run("fmt", "--check")).status, 0);
    assert.deepEqual((await git("status --porcelain")).stdout, "");
    await saveDraft({ ...edited("Hello"), layout: { start: [40, 80], end: [240, 80] } });
    assert.equal((await run("pull")).status, 0);
    const { stdout } = await git("diff -U0");
    const changed = stdout.split("\n").filter((line) => /^[-+](?![-+])/.test(line));
    assert.deepEqual(changed, ["-  start: [0, 0]", "-  end: [200, 0]", "+  start: [40, 80]", "+  end: [240, 80]"]);
    await saveDraft(edited("Hello"));
    assert.equal((await run("pull")).status, 0);
    assert.deepEqual((await git("status --porcelain")).stdout, "");
  });

  test("pull keeps comments, and asks before it replaces what no version says", async () => {
    await saveDraft(edited("Good day"));
    project.write("flows/greet.yaml", greet("greet", "Mine"));
    const unasked = await run("pull");
    assert.deepEqual([unasked.status, unasked.stdout], [2, ""]);
    assert.match(unasked.stderr, /pull: --yes is missing\nhint: flows\/greet\.yaml was edited here and not deployed\. Replace\?/);
    assert.equal(project.read("flows/greet.yaml"), greet("greet", "Mine"));
    assert.equal((await run("pull", "--yes")).status, 0);
    assert.match(project.read("flows/greet.yaml"), /# What it needs\.[\s\S]*Good day \{\{ start\.name \}\}" \} # said\n/);
    project.write("flows/greet.yaml", greet("greet", "Hello"));
    assert.equal((await run("pull")).status, 0, "what a version says can be had again");
  });

  test("pull --all, and names, make files for what has none", async () => {
    const all = await run("pull", "--all", "--json");
    assert.deepEqual(dataOf(all), {
      files: [
        { file: "flows/greet.yaml", name: "greet", change: "none" },
        { file: "flows/todayNews.yaml", name: "todayNews", change: "new" },
      ],
    });
    assert.equal((await run("validate", "flows/todayNews.yaml")).status, 0);
    assert.equal((await run("fmt", "--check")).status, 0);
    assert.equal((await run("pull", "todayNews")).stdout, "  no changes\n");
    assert.equal((await run("pull", "nope")).status, 5);
  });

  test("export prints a draft or a version; --to writes a file, and asks before it replaces one", async () => {
    const live = await run("export", "greet", "--version", "live");
    assert.match(live.stdout, /^format: millrace\/1\nname: greet\n\nnodes:\n {2}- id: start\n/);
    assert.match(live.stdout, /Hello \{\{ start\.name \}\}/);
    assert.match((await run("export", "greet")).stdout, /Good day/);
    assert.equal((await run("export", "greet", "--to", "out/g.json")).status, 1, "the folder must be there");
    assert.equal((await run("export", "greet", "--version", "1.0.0", "--to", "g.json")).stdout, "  g.json\n");
    assert.equal((JSON.parse(project.read("g.json")) as { name: string }).name, "greet");
    assert.equal((await run("export", "greet", "--to", "g.json")).status, 2);
    assert.equal((await run("export", "greet", "--version", "9.9.9")).status, 2);
  });

  test("export as .flow prints or writes the file, tells what GPTBots ignores, and of what cannot be said every place", async () => {
    const printed = await run("export", "greet", "--format", "flow", "--version", "live");
    assert.deepEqual([printed.status, printed.stderr], [0, ""]);
    assert.equal((JSON.parse(printed.stdout) as { exportType: string }).exportType, "WORKFLOW");
    assert.equal((await run("export", "greet", "--version", "live", "--to", "g.flow")).stdout, "  g.flow\n");
    const again = { exportTime: 0 };
    assert.deepEqual({ ...JSON.parse(project.read("g.flow")), ...again }, { ...JSON.parse(printed.stdout), ...again });
    assert.equal((await run("validate", "g.flow")).status, 0);
    await saveDraft({ ...edited("Hello"), strictInput: true });
    assert.match((await run("export", "greet", "--format", "flow")).stderr, /warning: \/strictInput: the vendor ignores it/);
    const [start, end] = edited("Hello").nodes;
    const wait = { id: "wait", type: "delay", ms: 5 };
    const sum = { id: "sum", type: "template", text: "{{ start.name + 1 }}" };
    await saveDraft({ ...edited("Hello"), nodes: [start, wait, sum, end], edges: ["start -> wait", "wait -> sum", "sum -> end"] });
    const refused = await run("export", "greet", "--format", "flow");
    assert.deepEqual([refused.status, refused.stdout], [2, ""]);
    assert.match(refused.stderr, /^not_exportable: /);
    assert.match(refused.stderr, /\/nodes\/1\/type not_exportable: wait: a delay node has no counterpart in \.flow\n.*\/nodes\/2\/text /s);
    await saveDraft(edited("Good day"));
  });

  test("versions show tells of the live version, or of another", async () => {
    const shown = await run("versions", "show", "greet");
    assert.match(
      shown.stdout,
      /^workflow {3}greet\nversion {4}1\.0\.0 \(live\)\npublished {2}\d{4}-.*Z\nnote {7}first\nby {9}millrace dev, admin\nruns {7}0\nhash {7}[0-9a-f]{64}\nnodes {6}start \(start\), end \(end\)\n$/,
    );
    assert.equal((await run("version", "show", "greet", "7.0.0")).status, 2);
  });

  test("open prints links to the console, a run and a workflow, which sign in", async () => {
    const id = (await run("invoke", "greet", "-i", "name=Ada", "-o", "name")).stdout.trim();
    const { workflowId } = dataOf<{ workflowId: string }>(await run("runs", "get", id, "--json"));
    const pages = { login: [], [`runs/${id}`]: [id], [`workflows/${workflowId}/edit`]: ["greet"] };
    for (const [page, args] of Object.entries(pages)) {
      const { stdout } = await run("open", ...args);
      assert.match(stdout, new RegExp(`^http://127\\.0\\.0\\.1:\\d+/${page}#link=[A-Za-z0-9_-]{40}\\n$`));
    }
    assert.equal((await run("open", "nope")).status, 5);
    assert.equal((await run("open", "01a0c450-6c64-7b21-9f0e-5d2c8a6b4e10")).status, 5);
  });
});

describe("millrace types", () => {
  let project: Project;
  before(() => {
    project = new Project();
    project.write("flows/greet.yaml", greet("greet", "Hello"));
  });
  after(() => project.dispose());

  test("L28: writes what workflows take and give; --check tells whether it is still so", async () => {
    const missing = await project.run(["types", "--check", "--json"]);
    assert.deepEqual([missing.status, errorOf(missing).type, errorOf(missing).hint], [3, "types_stale", "millrace types"]);
    assert.equal((await project.run(["types"])).stdout, "  millrace.d.ts   1 workflow\n");
    assert.equal(
      project.read("millrace.d.ts"),
      `// Made by \`millrace types\` from the workflows of this project, for @millrace/sdk. Changes are overwritten.
export {};

declare module "@millrace/sdk" {
  interface Workflows {
    greet: {
      input: {
        /** Whom to greet. */
        name: string;
      };
      output: {
        greeting: string;
      };
    };
  }
}
`,
    );
    assert.equal((await project.run(["types", "--check"])).stdout, "  no changes\n");
    project.write("flows/greet.yaml", greet("greet", "Hello").replaceAll("name:", "who:").replace("who: greet", "name: greet"));
    assert.equal((await project.run(["types", "--check"])).status, 3);
  });

  test("-o names a file, or a form of output", async () => {
    assert.equal((await project.run(["types", "-o", "src.d.ts"])).stdout, "  src.d.ts   1 workflow\n");
    assert.ok(existsSync(project.path("src.d.ts")));
    assert.equal(dataOf<{ changed: boolean }>(await project.run(["types", "-o", "json", "--out", "src.d.ts"])).changed, false);
  });

  test("a file that cannot be read is told with its place", async () => {
    project.write("bad.yaml", "name: [");
    const { status, stderr } = await project.run(["types", "bad.yaml"]);
    assert.equal(status, 3);
    assert.match(stderr, /^bad\.yaml:1:\d+ file_unreadable/);
  });
});
