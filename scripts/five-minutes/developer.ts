import { readFileSync, writeFileSync } from "node:fs";
import { parse } from "yaml";
import { openBrowser } from "./page.ts";
import { Terminal } from "./terminal.ts";
import { completions, typeErrors } from "./typescript.ts";
import { sees, until, type Walk } from "./walk.ts";

/** Seconds that the script may take, with a person's pauses. */
export const BUDGET_S = 200;

/** An edit of a file reaches the console. */
const FOLLOWS_WITHIN_MS = 1_000;

const ADMIN_KEY = `mr_${"d".repeat(40)}`;

const CALL = `import { Client } from "@millrace/sdk";
const millrace = new Client({ endpoint: "http://127.0.0.1", apiKey: "mr_" });
export const run = await millrace.workflows("news").invoke({ topic: "ferry" });
export const text = run.output?.text;
`;

/** From an empty folder to a commit that its CI passes. */
export async function developer(walk: Walk): Promise<void> {
  const terminal = new Terminal();
  const visitor = await openBrowser();
  const { page } = visitor;
  try {
    await beginProject(walk, terminal);
    const dev = terminal.start("npx millrace dev --port 0");
    await walk.step(25, "npx millrace dev", async () => (await dev.seen(/ready in [\d.]+ s/))[0]);
    const [, url = ""] = await dev.seen(/API +(http:\S+)\/v1/);
    await dev.seen(/ Try /);
    terminal.export("MILLRACE_ENDPOINT", url);
    const { stdout: link } = await terminal.run("npx millrace open news -o text");
    await page.goto(link.trim());
    await followFile(walk, terminal, page);
    await dragNode(walk, terminal, page);
    await breakReference(walk, terminal);
    await writeTypes(walk, terminal);
    await dev.end();
    await deployAndRollBack(walk, terminal);
    await passChecks(walk, terminal);
  } finally {
    await visitor.close();
    await terminal.close();
  }
}

type Page = Awaited<ReturnType<typeof openBrowser>>["page"];

async function beginProject(walk: Walk, terminal: Terminal): Promise<void> {
  await walk.step(0, "npx millrace init news --yes && cd news", async () => {
    const { stdout } = await terminal.run("npx millrace init news --yes");
    const files = stdout.trim().split("\n");
    if (files.length !== 8) throw new Error(`not eight files:\n${stdout}`);
    terminal.cd("news");
    return "eight files";
  });
  await terminal.run("git init -q && git -c user.name=d -c user.email=d@example.com add -A");
  await walk.step(12, "npx millrace validate && npx millrace test", async () => {
    const { stdout } = await terminal.run("npx millrace validate && npx millrace test");
    return sees(stdout, /3 passed, 0 failed/)[0];
  });
}

const node = (page: Page, id: string) => page.locator(`.react-flow__node[data-id="${id}"]`);

function rewrite(terminal: Terminal, change: (text: string) => string): void {
  const path = terminal.path("flows/news.yaml");
  writeFileSync(path, change(readFileSync(path, "utf8")));
}

async function followFile(walk: Walk, terminal: Terminal, page: Page): Promise<void> {
  await node(page, "summarise").waitFor();
  await walk.step(40, "edit the YAML", async () => {
    rewrite(terminal, (text) => text.replace("id: summarise\n    type: llm\n", "id: summarise\n    type: llm\n    name: Digest\n"));
    const renamed = node(page, "summarise").getByText("Digest");
    const tookMs = await until("the console follows the file", FOLLOWS_WITHIN_MS, () => renamed.isVisible());
    return `the canvas shows it after ${tookMs.toFixed(0)} ms`;
  });
  await terminal.run("git -c user.name=d -c user.email=d@example.com commit -qam 'A project'");
}

async function dragNode(walk: Walk, terminal: Terminal, page: Page): Promise<void> {
  await walk.step(60, "drag a node in the console, git diff", async () => {
    const box = await node(page, "summarise").boundingBox();
    if (box === null) throw new Error("the node is not drawn");
    await page.mouse.move(box.x + box.width / 2, box.y + 12);
    await page.mouse.down();
    await page.mouse.move(box.x + box.width / 2 + 40, box.y + 130, { steps: 8 });
    await page.mouse.up();
    await until("the drag is in the file", 10_000, () => readFileSync(terminal.path("flows/news.yaml"), "utf8").includes("\nlayout:"));
    const { stdout } = await terminal.run("git diff -U0 flows/news.yaml");
    const changed = stdout.split("\n").filter((line) => /^[+-](?![+-])/.test(line) && line.trim() !== "+");
    const outside = changed.filter((line) => !/^\+(layout:| {2}[\w/]+: \[-?[\d., -]+\])$/.test(line));
    if (changed.length === 0 || outside.length > 0) throw new Error(`lines outside of layout:\n${stdout}`);
    return `${changed.length} lines, all of layout`;
  });
}

async function breakReference(walk: Walk, terminal: Terminal): Promise<void> {
  const path = terminal.path("flows/news.yaml");
  const before = readFileSync(path, "utf8");
  await walk.step(80, "break a reference, npx millrace validate", async () => {
    writeFileSync(path, before.replace("fetch.body", "fetch.bdy"));
    const { stderr, stdout } = await terminal.run("npx millrace validate", 3);
    return sees(stdout + stderr, /flows\/news\.yaml:\d+:\d+ .*did you mean fetch\.body\?/)[0];
  });
  writeFileSync(path, before);
}

async function writeTypes(walk: Walk, terminal: Terminal): Promise<void> {
  await walk.step(100, "npx millrace types", async () => {
    rewrite(terminal, (text) => text.replace("        topic:\n", "        reader: { type: string }\n        topic:\n"));
    await terminal.run("npx millrace types");
    const offered = completions(terminal.path(), CALL.replace('{ topic: "ferry" }', "{ | }"));
    const missing = ["topic", "page", "reader"].filter((name) => !offered.includes(name));
    if (missing.length > 0) throw new Error(`an editor does not offer ${missing.join(", ")}`);
    const errors = typeErrors(terminal.path(), CALL);
    if (errors !== "") throw new Error(errors);
    sees(typeErrors(terminal.path(), CALL.replace("topic:", "topik:")), /topik/);
    return "an editor offers topic, page, reader; topik does not compile";
  });
  await terminal.run("rm call.ts");
}

/** To a server that is not the project's own. */
async function deployAndRollBack(walk: Walk, terminal: Terminal): Promise<void> {
  terminal.export("MILLRACE_ADMIN_KEY", ADMIN_KEY);
  const server = terminal.start("MILLRACE_DATA_DIR=../server npx millrace start --port 0");
  const [, url = ""] = await server.seen(/"url":"(http:[^"]+)"/);
  terminal.export("MILLRACE_ENDPOINT", url);
  terminal.export("MILLRACE_API_KEY", ADMIN_KEY);
  await terminal.run('npx millrace deploy --publish -m "first"');
  rewrite(terminal, (text) => text.replace("Summarise in one sentence", "Say in one sentence"));
  await walk.step(130, "npx millrace deploy --publish -m … --dry-run", async () => {
    const { stdout } = await terminal.run('npx millrace deploy --publish -m "shorter prompt" --dry-run');
    return sees(stdout, /summarise › prompt/)[0];
  });
  await walk.step(145, "deploy, and again", async () => {
    const { stdout: first } = await terminal.run('npx millrace deploy --publish -m "shorter prompt"');
    const { stdout: second } = await terminal.run("npx millrace deploy --publish");
    return `${sees(first, /published 1\.0\.1 \(was 1\.0\.0\)/)[0]}, then ${sees(second, /no changes/)[0]}`;
  });
  await walk.step(170, "npx millrace versions rollback news", async () => {
    const { stdout } = await terminal.run("npx millrace versions rollback news");
    return sees(stdout, /live 1\.0\.1 → 1\.0\.0/)[0];
  });
  await server.end();
}

/** What the project's own CI runs, but for installing what is not published yet, and for the deploy, which needs a key. */
async function passChecks(walk: Walk, terminal: Terminal): Promise<void> {
  await terminal.run("npx millrace fmt");
  await walk.step(190, "git commit, and what its CI runs", async () => {
    await terminal.run("git -c user.name=d -c user.email=d@example.com commit -qam 'Shorter'");
    const file = parse(readFileSync(terminal.path(".github/workflows/millrace.yml"), "utf8")) as {
      jobs: { check: { steps: { run?: string; if?: string }[] } };
    };
    const commands = file.jobs.check.steps.flatMap(({ run, if: only }) =>
      run === undefined || only !== undefined || run.startsWith("npm install") ? [] : [run],
    );
    if (commands.length < 4) throw new Error(`only ${commands.length} checks`);
    for (const command of commands) await terminal.run(command);
    return `${commands.length} checks pass`;
  });
}
