import assert from "node:assert/strict";
import { test } from "node:test";
import type { Json, JsonObject } from "@millrace/contract";
import {
  chain,
  codes,
  condition,
  container,
  direct,
  END,
  edge,
  flow,
  importJson,
  input,
  join,
  node,
  nodeOf,
  output,
  reference,
  row,
  START,
} from "#flow/testing/flows";

/** The native text of a JOIN node behind START (output `q`) and `before`. */
function textOf(joinText: string, members: { readonly [name: string]: Json } = {}, before: readonly JsonObject[] = []): unknown {
  return nodeOf(importJson(chain([...before, join("a", joinText, members)])), "a")["text"];
}

test("a value stands as it is where its node writes it as text", () => {
  assert.equal(textOf("{{q}}"), "{{ start.q }}");
  assert.equal(textOf("<{{ q }}>"), "<{{ start.q }}>");
  assert.equal(textOf("{{n}}", { inputs: [input("n", direct("1", "NUMBER"))] }), "{{ inputs.n }}");
  assert.equal(textOf("plain"), "plain");
  assert.equal(textOf(""), "");
});

test("literal braces stay literal", () => {
  assert.equal(textOf("\\{{q}}"), "\\{{q}}");
  assert.equal(textOf("{q} { {{ } }}"), "{q} { \\{{ } }}");
  assert.equal(textOf("{{q\n}}"), "\\{{q\n}}");
  assert.equal(textOf("{{nope}}"), "\\{{nope}}");
  assert.equal(textOf("{{}}"), "\\{{}}");
});

test("braces and backslashes right before a value cannot be read as part of its opening", () => {
  assert.equal(textOf("{{{q}}}"), '{{ "\\u007b" }}{{ start.q }}}');
  assert.equal(textOf("x{{{{{q}}"), 'x{{ "\\u007b\\u007b\\u007b" }}{{ start.q }}');
  assert.equal(textOf("a\\ {{q}}"), "a\\ {{ start.q }}");
  assert.equal(textOf("\\\\{{q}}"), "\\\\{{q}}");
});

test("own inputs come first, then the loops around, then run, environment, nodes, and outputs of that name", () => {
  const own = { inputs: [input("q", direct("own"))] };
  assert.equal(textOf("-{{q}}", own), "-{{ inputs.q }}");
  assert.equal(
    textOf("-{{sys.user_id}}-{{sys_workflow_run_id}}-{{sys.agent_id}}-{{sys.workflow_version}}"),
    "-{{ run.userId }}-{{ run.id }}-{{ workflow.id }}-{{ workflow.version }}",
  );
  assert.equal(textOf("-{{env.KEY}}"), "-{{ env.KEY }}");
  assert.equal(textOf("-{{start.q}}"), "-{{ start.q }}");
  assert.equal(textOf("-{{START start.q}}"), "-{{ start.q }}");
});

test("in a body the innermost loop's variables are found by name, the index included", () => {
  const inner = container("BATCH", "inner", [join("t", "{{item}}{{index}}{{total}}"), node("NEXT_LOOP", "m")]);
  const outer = container("LOOP", "outer", [inner, node("NEXT_LOOP", "n")], {
    intermediateVariables: [{ id: "total", name: "total", ...direct("0", "NUMBER") }],
  });
  assert.equal(nodeOf(importJson(chain([outer])), "t")["text"], "{{ inner.item.item }}{{ inner.index }}{{ outer.total }}");
});

test("several upstream outputs of one name: the first that is not null, the latest first, then as they stand in the file", () => {
  const a = join("x", "", { outputs: [output("t")] });
  const b = join("y", "", { outputs: [output("t")] });
  const c = join("z", "-{{t}}");
  const nodes = [START, a, b, c, END];
  const side = flow(nodes, [edge("start", "x"), edge("start", "y"), edge("x", "z"), edge("y", "z"), edge("z", "end")]);
  assert.equal(nodeOf(importJson(side), "z")["text"], "-{{ coalesce(x.t, y.t) }}");
  const row2 = flow(nodes, [edge("start", "x"), edge("x", "y"), edge("y", "z"), edge("z", "end")]);
  assert.equal(nodeOf(importJson(row2), "z")["text"], "-{{ coalesce(y.t, x.t) }}");
});

test("a path walks into the value", () => {
  assert.equal(textOf("-{{q.a.0.b}}"), '-{{ path(start.q, "a.0.b") }}');
  assert.equal(textOf("-{{start.q.a}}"), '-{{ path(start.q, "a") }}');
  assert.equal(textOf("-{{q.}}"), "-\\{{q.}}");
});

test("ids and names with dots are found, an id before a name", () => {
  const dotted = join("v1.0", "", { name: "My node", outputs: [output("t")] });
  assert.equal(textOf("-{{v1.0.t}}", {}, [dotted]), "-{{ v1_0.t }}");
  assert.equal(textOf("-{{My node.t.k}}", {}, [dotted]), '-{{ path(v1_0.t, "k") }}');
});

test("names that are no identifiers are not reached by templates", () => {
  assert.equal(textOf("-{{a-b}}", { inputs: [input("a-b", direct("x"))] }), "-\\{{a-b}}");
});

test("a name that nothing upstream gives is a warning, once a field", () => {
  const result = importJson(chain([join("a", "{{t}} {{t}} {{u}}"), join("b", "{{q}}")]));
  assert.deepEqual(
    result.warnings.map(({ message }) => message.slice(0, 3)),
    ['"t"', '"u"'],
  );
  assert.deepEqual(codes(result.warnings), ["MR_TEMPLATE_UNRESOLVED $.workflow.workflowNodes[1].textProcessParam.joinText"]);
});

test("what a template reads from a node that never runs is null", () => {
  const c = condition("c", [row(direct("a"), "eq", direct("a"))]);
  const nodes = [START, c, join("dead", ""), join("a", "-{{t}}-{{dead.t}}"), END];
  const edges = [
    edge("start", "c"),
    edge("c", "a", "source-c-if"),
    edge("c", "end", "source-c-else"),
    edge("c", "dead", "nowhere"),
    edge("dead", "a"),
    edge("a", "end"),
  ];
  const result = importJson(flow(nodes, edges));
  assert.deepEqual(codes(result.warnings), ["MR_EDGE_HANDLE $.workflow.workflowEdges[3].sourceHandle"]);
  assert.equal(nodeOf(result, "a")["text"], "-{{ null }}-{{ null }}");
  assert.equal(nodeOf(result, "dead").type, "comment");
});

test("text-or-reference fields: a variable, a reference, a template", () => {
  const split = (splitTarget: Json) => {
    const textProcessParam = { mode: "SPLIT", splitTarget, delimiters: [",", "", "{{"] };
    return nodeOf(importJson(chain([node("TEXT_PROCESS", "a", { textProcessParam, outputs: [output("l", "ARRAY_STRING")] })])), "a");
  };
  assert.equal(split(reference("start#q#q"))["text"], "{{ start.q }}");
  assert.equal(split("start#q#q")["text"], "{{ start.q }}");
  assert.equal(split("{{q}}")["text"], '{{ start.q ?? "" }}');
  assert.equal(split("ghost#q#q")["text"], "ghost#q#q");
  assert.equal(split(null)["text"], null);
  assert.deepEqual(split("")["delimiters"], [",", "{{"]);
});
