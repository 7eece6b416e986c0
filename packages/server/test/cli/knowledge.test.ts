import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import type { DocumentView } from "@millrace/contract";
import { errorOf, Project } from "./harness.ts";

describe("knowledge bases", () => {
  let project: Project;
  before(async () => {
    project = new Project();
    await project.dev();
  });
  after(() => project.dispose());

  test("made, filled, searched, and emptied again", async () => {
    const made = await project.run(["knowledge", "create", "handbook", "--language", "en", "--passage", "400"]);
    assert.equal(made.status, 0, made.stderr);
    assert.match(made.stdout, /^NAME +ID\nhandbook +[0-9a-f]{24}\n$/);
    assert.match(made.stderr, /millrace knowledge add handbook/);
    project.write("tides.md", "# Tides\n\nHigh water comes six hours after low water.\n\n# Moon\n\nSpring tides follow the new moon.");
    project.write("fees.csv", "who,fee\nadults,5\n");
    const added = await project.run([
      "knowledge",
      "add",
      "handbook",
      "tides.md",
      "fees.csv",
      "--meta",
      "year=2026",
      "--meta",
      "kind=notes",
    ]);
    assert.equal(added.status, 0, added.stderr);
    assert.match(added.stdout, /^DOCUMENT +STATE +PASSAGES.*\ntides\.md +indexed +2 .*\nfees\.csv +indexed +1 /);
    const found = await project.run(["knowledge", "search", "handbook", "when is high water", "--top", "1"]);
    assert.equal(found.stdout, "1.000  tides.md › Tides\n  High water comes six hours after low water.\n");
    const filtered = await project.run(["knowledge", "search", "handbook", "tides", "--filter", '{"year":{"lt":2026}}']);
    assert.equal(filtered.stdout, "");
    assert.match(filtered.stderr, /nothing was found/);
    const status = await project.run(["knowledge", "status", "handbook", "-o", "json"]);
    const fees = (JSON.parse(status.stdout) as { data: DocumentView[] }).data.find(({ name }) => name === "fees.csv");
    assert.deepEqual(fees?.metadata, { year: 2026, kind: "notes" });
    assert.match((await project.run(["knowledge", "list"])).stdout, /^handbook +[0-9a-f]{24} +2 +3 +0 +0$/m);
    assert.equal((await project.run(["knowledge", "remove", "handbook", "fees.csv"])).stdout, "  fees.csv   removed\n");
    assert.equal((await project.run(["knowledge", "delete", "handbook", "--yes"])).stdout, "  handbook   deleted\n");
    assert.equal((await project.run(["knowledge", "list"])).stdout, "");
  });

  test("a document that cannot be read is the answer no, with its reason; what is wrong is said before anything is asked", async () => {
    await project.run(["knowledge", "create", "broken"]);
    project.write("a.pdf", "no pdf");
    const failed = await project.run(["knowledge", "add", "broken", "a.pdf"]);
    assert.equal(failed.status, 3);
    assert.match(failed.stderr, /a\.pdf: a\.pdf cannot be read: it is no PDF/);
    for (const [args, status] of [
      [["knowledge", "add", "broken"], 2],
      [["knowledge", "add", "broken", "nowhere.md"], 2],
      [["knowledge", "add", "broken", "a.pdf", "--meta", "x"], 2],
      [["knowledge", "search", "broken", "x", "--min-score", "2"], 2],
      [["knowledge", "search", "broken", "x", "--filter", "[]"], 2],
      [["knowledge", "create", "broken"], 9],
      [["knowledge", "status", "gone"], 5],
    ] as const)
      assert.equal((await project.run([...args])).status, status, args.join(" "));
    const gone = await project.run(["knowledge", "search", "gone", "x", "-o", "json"]);
    assert.equal(errorOf(gone).message, "No such knowledge base.");
  });
});
