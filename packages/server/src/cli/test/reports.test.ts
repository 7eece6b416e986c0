import assert from "node:assert/strict";
import { test } from "node:test";
import type { CaseReport, TestReport } from "@millrace/contract";
import { Parser } from "htmlparser2";
import { humanReport } from "#cli/test/report-human";
import { junitReport } from "#cli/test/report-junit";
import { tapReport } from "#cli/test/report-tap";

const PASSED: CaseReport = {
  name: "sums up",
  line: 3,
  status: "passed",
  durationMs: 12.4,
  runMs: 0,
  differences: [],
  unmocked: [],
  updated: false,
  recorded: false,
};
const FAILED: CaseReport = {
  ...PASSED,
  name: 'is <"down"> & out #1 \u0007',
  line: 9,
  status: "failed",
  differences: [{ at: "output.text", message: 'expected "Sun", and it is "Rain"', expected: "Sun", actual: "Rain" }],
  unmocked: [{ node: "fetch", wanted: "GET https://example.com/?a=1&b=2" }],
};
const REPORT: TestReport = {
  files: [{ file: "flows/news.test.yaml", workflow: "news", cases: [PASSED, FAILED] }],
  passed: 1,
  failed: 1,
  durationMs: 1_250,
};

/** Elements of the schema that CI systems share (Jenkins' junit-10.xsd): their attributes, those with * required, and their children. */
const JUNIT: { readonly [element: string]: { readonly attributes: readonly string[]; readonly children: readonly string[] } } = {
  testsuites: { attributes: ["name", "tests", "failures", "errors", "disabled", "time"], children: ["testsuite"] },
  testsuite: {
    attributes: ["name*", "tests*", "failures", "errors", "skipped", "disabled", "time", "timestamp", "hostname", "id", "package"],
    children: ["properties", "testcase", "system-out", "system-err"],
  },
  testcase: {
    attributes: ["name*", "classname*", "time", "status", "assertions"],
    children: ["skipped", "error", "failure", "system-out"],
  },
  failure: { attributes: ["message", "type"], children: [] },
};

test("JUnit XML has the elements and attributes of the schema, and every text survives", () => {
  const texts: string[] = [];
  const names: string[] = [];
  const open: string[] = [];
  const parser = new Parser(
    {
      onopentag: (element, attributes) => {
        const known = JUNIT[element];
        const parent = open.at(-1);
        assert.ok(known, element);
        assert.ok(parent === undefined ? element === "testsuites" : JUNIT[parent]?.children.includes(element), `${element} in ${parent}`);
        for (const name of Object.keys(attributes))
          assert.ok(
            known.attributes.some((each) => each.replace("*", "") === name),
            name,
          );
        for (const each of known.attributes.filter((name) => name.endsWith("*"))) assert.ok(each.slice(0, -1) in attributes, each);
        if (element === "testcase") names.push(attributes["name"] ?? "");
        open.push(element);
      },
      ontext: (text) => texts.push(text),
      onclosetag: (element) => assert.equal(open.pop(), element),
      onerror: assert.fail,
    },
    { xmlMode: true },
  );
  parser.end(junitReport(REPORT));
  assert.deepEqual(names, ["sums up", 'is <"down"> & out #1 \ufffd']);
  assert.match(texts.join(""), /flows\/news\.test\.yaml:9\nunmocked: fetch wants GET https:\/\/example\.com\/\?a=1&b=2\noutput\.text: /);
});

test("TAP has a point for each case, what is wrong with it below, and no directive out of a name", () => {
  assert.equal(
    tapReport(REPORT),
    `TAP version 14
1..2
ok 1 - flows/news.test.yaml: sums up
  ---
  duration_ms: 12.4
  ...
not ok 2 - flows/news.test.yaml: is <"down"> & out \\#1 \u0007
  ---
  duration_ms: 12.4
  at: "flows/news.test.yaml:9"
  problems:
    - "unmocked: fetch wants GET https://example.com/?a=1&b=2"
    - "output.text: expected \\"Sun\\", and it is \\"Rain\\""
  ...
# passed 1, failed 1
`,
  );
});

test("people read what is wrong below the case, long values one below the other", () => {
  const long = "x".repeat(100);
  const difference = { at: "output", message: `expected {}, and it is ${long}`, expected: { a: 1 }, actual: long };
  const cases = [PASSED, { ...FAILED, differences: [...FAILED.differences, difference] }];
  assert.equal(
    humanReport({ ...REPORT, files: [{ file: "a.test.yaml", workflow: "news", cases }] }, (text) => text),
    `a.test.yaml  news
  ✔ sums up  12 ms
  ✖ is <"down"> & out #1 \u0007  12 ms
    a.test.yaml:9
    unmocked: fetch wants GET https://example.com/?a=1&b=2
    output.text: expected "Sun", and it is "Rain"
    output:
      - {
      -   "a": 1
      - }
      + ${long}

  1 passed, 1 failed in 1.3 s
`,
  );
});
