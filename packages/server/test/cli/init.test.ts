import assert from "node:assert/strict";
import { existsSync, readdirSync } from "node:fs";
import { afterEach, beforeEach, describe, test } from "node:test";
import { dataOf, errorOf, Project } from "./harness.ts";

interface Template {
  readonly name: string;
  readonly workflow: string;
  readonly summary: string;
  readonly files: readonly string[];
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
      assert.deepEqual([made.dir, made.files], [`./${name}`, [...files, ".gitignore"].sort()]);
      assert.ok(files.includes("README.md") && files.includes(`flows/${workflow}.yaml`), name);
      const cwd = project.path(name);
      const validated = await project.run(["validate"], { cwd });
      assert.deepEqual([validated.status, validated.stderr], [0, ""], name);
      const dev = await project.dev(["--port", "0"], { cwd });
      const flows = files.filter((file) => file.startsWith("flows/"));
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

  test("without a template it is today's news, here; what is there already is left alone", async () => {
    const first = await project.run(["init"]);
    assert.deepEqual([first.status, first.stdout], [0, "  .gitignore\n  README.md\n  flows/todayNews.yaml\n"]);
    assert.equal(first.stderr, "next: millrace dev   (README.md says what it does)\n");
    assert.equal(project.read(".gitignore"), ".millrace/\n.env\n");
    project.write("README.md", "mine");
    const second = await project.run(["init", ".", "--template", "read-invoice", "--json"]);
    const { type, message } = errorOf(second);
    assert.deepEqual([second.status, type, message], [9, "file_exists", ".gitignore, README.md are there already: nothing was written"]);
    assert.equal(project.read("README.md"), "mine");
    assert.deepEqual(readdirSync(project.path("flows")), ["todayNews.yaml"]);
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
