import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { chmodSync } from "node:fs";
import { after, before, describe, test } from "node:test";
import { todayNews } from "#testing/workflows";
import { BINARY, Project } from "./harness.ts";

const isThere = (shell: string) => spawnSync(shell, ["--version"]).status === 0;

describe("millrace completion", () => {
  let project: Project;
  before(() => {
    project = new Project();
    project.write("flows/news.json", { ...todayNews, tags: ["editorial", "morning"] });
  });
  after(() => project.dispose());

  test("commands, flags, values and names of workflows, as far as the word goes", async () => {
    const cases: readonly (readonly [words: string[], expected: string[]])[] = [
      [["dep"], ["deploy"]],
      [["runs", "re"], ["replay"]],
      [["run", "wa"], ["wait"]],
      [["deploy", "--dr"], ["--dry-run"]],
      [["-o", "json", "version", "pr"], ["promote"]],
      [["runs", "list", "--status", "S"], ["SUCCEED"]],
      [["invoke", "tod"], ["todayNews"]],
      [["runs", "list", "--workflow", ""], ["todayNews"]],
      [["workflows", "list", "--ta"], ["--tag"]],
      [
        ["workflows", "list", "--tag", ""],
        ["editorial", "morning"],
      ],
      [["validate", ""], []],
    ];
    for (const [words, expected] of cases) {
      const { status, stdout, stderr } = await project.run(["completion", "complete", "--", ...words]);
      assert.equal(status, 0, stderr);
      assert.deepEqual(
        stdout.split("\n").filter((line) => line !== ""),
        expected,
        words.join(" "),
      );
    }
  });

  test("L19: bash loads it without error, and completes commands and workflows", async () => {
    const ask = (line: string) =>
      `COMP_WORDS=(${line}); COMP_CWORD=$((\${#COMP_WORDS[@]} - 1)); _millrace; printf '%s\\n' "\${COMPREPLY[@]}"`;
    const { status, stdout, stderr } = await project.bash(
      `source <(millrace completion bash)\n${ask("millrace dep")}\n${ask("millrace invoke tod")}`,
    );
    assert.deepEqual([status, stdout, stderr], [0, "deploy\ntodayNews\n", ""]);
  });

  /** How a shell is asked what a line may become, once the script is loaded. */
  const ASK = {
    // Completions run in the line editor only: what they would offer is printed instead.
    zsh: (line: string) => `compadd() { print -l -- $candidates }\nwords=(${line}); CURRENT=$#words; _millrace`,
    fish: (line: string) => `complete -C '${line}'`,
  };

  for (const shell of ["zsh", "fish"] as const)
    test(`L19: ${shell} loads it without error, and completes commands and workflows`, {
      skip: isThere(shell) ? false : `${shell} is not installed here`,
    }, async () => {
      project.write("bin/millrace", `#!/bin/sh\nexec "${process.execPath}" "${BINARY}" "$@"\n`);
      chmodSync(project.path("bin/millrace"), 0o755);
      const script = (await project.run(["completion", shell])).stdout;
      project.write("asking", `${script}\n${["millrace dep", "millrace invoke tod"].map(ASK[shell]).join("\n")}\n`);
      const { status, stdout, stderr } = await project.bash(`PATH="$PWD/bin:$PATH" ${shell} asking`);
      assert.deepEqual([status, stdout, stderr], [0, "deploy\ntodayNews\n", ""]);
    });

  test("another shell is none", async () => {
    assert.equal((await project.run(["completion", "tcsh"])).status, 2);
  });
});
