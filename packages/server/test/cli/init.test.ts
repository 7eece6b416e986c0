import assert from "node:assert/strict";
import { chmodSync, existsSync, readdirSync } from "node:fs";
import { join, relative } from "node:path";
import { afterEach, beforeEach, describe, test } from "node:test";
import { parse } from "yaml";
import { BINARY, dataOf, errorOf, Project, urlOf } from "./harness.ts";

interface Template {
  readonly name: string;
  readonly workflow: string;
  readonly summary: string;
  readonly files: readonly string[];
}

/** Of the CI file, what its job does. */
interface CiFile {
  readonly jobs: { readonly check: { readonly steps: readonly { readonly run?: string; readonly if?: string }[] } };
}

/** What every project has beside its workflows. */
const SCAFFOLD = [".github/workflows/millrace.yml", ".gitignore", "millrace.config.json", "millrace.d.ts", "package.json"];

const EIGHT = [...SCAFFOLD, "README.md", "flows/news.test.yaml", "flows/news.yaml"].sort();

function filesIn(folder: string): readonly string[] {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return entries.map(({ parentPath, name }) => relative(folder, join(parentPath, name))).sort();
}

describe("millrace init", () => {
  let project: Project;
  beforeEach(() => {
    project = new Project();
  });
  afterEach(() => project.dispose());

  const templates = async () => dataOf<{ data: readonly Template[] }>(await project.run(["templates", "list", "--json"])).data;

  /** The commands of a README, as somebody would paste them; what is left open is filled in. */
  function commandsOf(folder: string): readonly string[] {
    const [, section = ""] = project.read(`${folder}/README.md`).split("## Run it");
    const lines = section.split("\n").flatMap((line) => /^ {4}(millrace .*)$/.exec(line)?.[1] ?? []);
    const here = lines.filter((line) => line !== "millrace dev" && !line.includes("connections set") && !line.includes("https://"));
    return here.map((line) => line.replace("APPROVAL", '"$(millrace approvals list -o name)"'));
  }

  test("every template becomes a project that validates, runs, and whose README can be pasted", async () => {
    project.write("invoice.txt", "Invoice number: 7\nInvoice date: 2026-01-31\nCurrency: EUR\n- Flour: 2 x 3.00\nTotal: 6.00\n");
    for (const { name, workflow, files } of await templates()) {
      const made = dataOf<{ dir: string; files: string[] }>(await project.run(["init", name, "--template", name, "--json"]));
      assert.deepEqual([made.dir, made.files], [`./${name}`, [...files, ...SCAFFOLD].sort()]);
      assert.ok(files.includes("README.md") && files.includes(`flows/${workflow}.yaml`), name);
      const cwd = project.path(name);
      const validated = await project.run(["validate"], { cwd });
      assert.deepEqual([validated.status, validated.stderr], [0, ""], name);
      const tested = await project.run(["test"], { cwd });
      assert.deepEqual([tested.status, tested.stderr], [0, ""], name);
      const dev = await project.dev(["--port", "0"], { cwd });
      for (const command of ["fmt", "types"])
        assert.equal((await project.run([command, "--check"], { cwd })).status, 0, `${name}: ${command}`);
      const flows = files.filter((file) => /^flows\/[^.]+\.yaml$/.test(file));
      assert.match(dev.stdout(), new RegExp(`Flows {4}${flows.length} loaded from \\./flows {5}${workflow}\\b`));
      await project.bash("cp ../invoice.txt .", { cwd });
      for (const line of commandsOf(name)) {
        if (line.includes("approvals approve")) await untilAsked(cwd);
        const { status, stderr, stdout } = await project.bash(line, { cwd });
        assert.equal(status, 0, `${line}\n${stderr}${stdout}`);
      }
      await dev.end();
    }
  });

  async function untilAsked(cwd: string): Promise<void> {
    while ((await project.run(["approvals", "list", "-o", "name"], { cwd })).stdout === "");
  }

  test("L21: without a template it is the news, here, in exactly eight files; what is there already is left alone", async () => {
    const first = await project.run(["init", "--yes"]);
    assert.deepEqual([first.status, first.stdout], [0, EIGHT.map((file) => `  ${file}\n`).join("")]);
    assert.equal(first.stderr, "next: millrace dev   (README.md says what it does)\n");
    assert.deepEqual(filesIn(project.cwd), EIGHT);
    assert.match(project.read(".gitignore"), /^\.millrace\/$/m);
    const { name, devDependencies } = JSON.parse(project.read("package.json")) as { name: string; devDependencies: Record<string, string> };
    assert.deepEqual([name, devDependencies], ["work", { millrace: "^0.1.0" }]);
    project.write("README.md", "mine");
    const second = await project.run(["init", ".", "--json"]);
    const { type, message } = errorOf(second);
    assert.deepEqual([second.status, type, message], [9, "file_exists", `${EIGHT.join(", ")} are there already: nothing was written`]);
    assert.equal(project.read("README.md"), "mine");
    const third = await project.run(["init", ".", "--template", "read-invoice", "--json"]);
    assert.equal(third.status, 9);
    assert.deepEqual(readdirSync(project.path("flows")), ["news.test.yaml", "news.yaml"]);
  });

  test("L21: the commands of the CI file pass as they are, with a key and without one", async () => {
    dataOf(await project.run(["init", "--yes", "--json"]));
    const { steps } = (parse(project.read(".github/workflows/millrace.yml")) as CiFile).jobs.check;
    const commands = steps.flatMap(({ run, if: only }) => (run === undefined ? [] : [{ run, onlyWithKey: only !== undefined }]));
    const [install, ...checks] = commands.map(({ run }) => run);
    assert.equal(install, "npm install --ignore-scripts");
    assert.deepEqual(
      checks.map((line) => line.split(" ")[2]),
      ["validate", "fmt", "test", "types", "deploy"],
    );
    // What npm installs there, as npx finds it.
    project.write("node_modules/.bin/millrace", `#!/bin/sh\nexec "${process.execPath}" "${BINARY}" "$@"\n`);
    chmodSync(project.path("node_modules/.bin/millrace"), 0o755);
    const server = new Project();
    const url = urlOf(await server.dev());
    const env = { MILLRACE_ENDPOINT: url, MILLRACE_API_KEY: server.read(".millrace/admin.key").trim(), CI: "true" };
    for (const line of checks) {
      const { status, stderr, stdout } = await project.bash(line, { env });
      assert.equal(status, 0, `${line}\n${stderr}${stdout}`);
    }
    assert.match(project.read("junit.xml"), /<testsuites/);
    assert.deepEqual(
      commands.filter(({ onlyWithKey }) => onlyWithKey).map(({ run }) => run),
      ["npx millrace deploy --publish --dry-run"],
    );
    await server.dispose();
  });

  test("a template that is none ends with 2 and the nearest name", async () => {
    const near = await project.run(["init", "x", "--template", "tody-news", "--json"]);
    assert.deepEqual([near.status, errorOf(near).hint], [2, "did you mean today-news?"]);
    const far = await project.run(["init", "x", "--template", "zzz", "--json"]);
    const all = (await templates()).map(({ name }) => name);
    assert.deepEqual([far.status, errorOf(far).hint], [2, `one of ${all.join(", ")}`]);
    assert.equal(existsSync(project.path("x")), false);
  });
});
