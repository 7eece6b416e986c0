import assert from "node:assert/strict";
import { test } from "node:test";
import { END, replaceSection, START } from "./section.ts";

test("only what is between the markers changes, and a second time nothing does", () => {
  const once = replaceSection(`# Title\n${START}\nold\n${END}\ntail\n`, "new");
  assert.equal(once, `# Title\n${START}\nnew\n${END}\ntail\n`);
  assert.equal(replaceSection(once, "new"), once);
});

test("a document without the markers, or with them the wrong way round, is refused", () => {
  for (const document of ["", START, END, `${END}\n${START}`]) {
    assert.throws(() => replaceSection(document, "new"), /needs a line <!-- rooms:start -->/);
  }
});
