import assert from "node:assert/strict";
import { test } from "node:test";
import type { Json } from "@millrace/contract";
import { chain, container, direct, importJson, input, join, node, nodeOf, output, reference } from "#flow/testing/flows";

const SOURCE = node("CODE", "src", {
  codeParam: { code: "return {}" },
  outputs: [
    output("s"),
    output("n", "Number"),
    output("i", "INT"),
    output("o", "JSON"),
    output("l", "List<Integer>"),
    output("any", ""),
    output("a.b"),
    output("f", "FILE_DOC"),
  ],
});

/** The native input `x` of a node behind START (output `q`) and SOURCE. */
function value(variable: { readonly [name: string]: Json }): unknown {
  const result = importJson(chain([SOURCE, join("a", "", { inputs: [{ name: "x", ...variable }] })]));
  return nodeOf(result, "a").inputs?.["x"];
}

test("literals are read as their type at import", () => {
  assert.equal(value(direct("5", "NUMBER")), 5);
  assert.equal(value(direct("TRUE", "BOOLEAN")), true);
  assert.deepEqual(value(direct('["a"]', "ARRAY<STRING>")), ["a"]);
  assert.deepEqual(value(direct({ a: 1 }, "OBJECT")), { a: 1 });
  assert.equal(value(direct(7, "STRING")), "7");
  assert.equal(value(direct(null, "NUMBER")), null);
  assert.equal(value({ source: "DIRECT", value: "text" }), "text");
});

test("a literal that does not fit its type stays a conversion, which fails when it is reached", () => {
  assert.equal(value(direct("abc", "NUMBER")), '{{ convert("abc", "number") }}');
  assert.equal(value(direct({ a: "}}" }, "INTEGER")), '{{ convert(JSON.parse("\\u007b\\"a\\":\\"\\u007d\\u007d\\"\\u007d"), "integer") }}');
  assert.equal(value(direct(1e300, "BOOLEAN")), `{{ convert("${String(1e300)}", "boolean") }}`);
});

test("braces in literals stay literal, at any depth", () => {
  assert.equal(value(direct("{{q}}")), "\\{{q}}");
  assert.deepEqual(value(direct({ a: ["{{q}}"] }, "OBJECT")), { a: ["\\{{q}}"] });
});

test("references convert where the types do not say that the value fits", () => {
  assert.equal(value(reference("src#s#s", "STRING")), "{{ src.s }}");
  assert.equal(value(reference("src#n#n", "STRING")), '{{ convert(src.n, "string") }}');
  assert.equal(value(reference("src#i#i", "NUMBER")), "{{ src.i }}");
  assert.equal(value(reference("src#n#n", "INTEGER")), '{{ convert(src.n, "integer") }}');
  assert.equal(value(reference("src#l#l", "ARRAY_NUMBER")), "{{ src.l }}");
  assert.equal(value(reference("src#l#l", "ARRAY_STRING")), '{{ convert(src.l, "array<string>") }}');
  assert.equal(value(reference("src#any#any", "OBJECT")), '{{ convert(src.any, "object") }}');
  assert.equal(value(reference("src#f#f", "FILE")), "{{ src.f }}");
  assert.equal(value(reference("src#f#f", "FILE_IMAGE")), '{{ convert(src.f, "file<image>") }}');
  assert.equal(value({ source: "NODE", value: "src#n#n" }), "{{ src.n }}");
});

test("an output is looked up by id, then by name; a path walks on from a name", () => {
  assert.equal(value({ source: "NODE", value: "src#renamed#n" }), "{{ src.n }}");
  assert.equal(value({ source: "NODE", value: "src#n#gone" }), "{{ src.n }}");
  assert.equal(value({ source: "NODE", value: "src#o.k.0#o" }), '{{ path(src.o, "k.0") }}');
  assert.equal(value({ source: "NODE", value: "src#o.k#gone" }), '{{ path(src.o, "k") }}');
  assert.equal(value({ source: "NODE", value: "src#a.b#gone" }), '{{ src["a.b"] }}');
  assert.equal(value({ source: "NODE", value: "src#a.b.c#gone" }), '{{ path(src["a.b"], "c") }}');
});

test("without a source a reference to a node that exists is a reference, anything else a literal", () => {
  assert.equal(value({ value: "src#s#s" }), "{{ src.s }}");
  assert.equal(value({ value: "ghost#s#s" }), "ghost#s#s");
  assert.equal(value({ value: 5 }), 5);
});

test("what cannot be resolved stays a reference to a name that no node has", () => {
  assert.equal(value({ source: "NODE", value: "ghost#x#x" }), "{{ ghost.x }}");
  assert.equal(value({ source: "NODE", value: "a b#x#x" }), "{{ a_b.x }}");
  assert.equal(value({ source: "NODE", value: "src-#x#x" }), "{{ src_2.x }}");
  assert.equal(value({ source: "NODE", value: "junk" }), "{{ junk }}");
  assert.equal(value({ source: "GLOBAL", value: "sys.moon" }), "{{ null }}");
});

test("environment and run values", () => {
  assert.equal(value({ source: "ENV", value: "KEY" }), "{{ env.KEY }}");
  assert.equal(value({ source: "ENV", value: "a b", type: "STRING" }), '{{ convert(env["a b"], "string") }}');
  assert.equal(value({ source: "GLOBAL", value: "sys.user_id", type: "STRING" }), "{{ run.userId }}");
});

test("names that expressions never read are null to read, and keep their place where they are written", () => {
  const odd = node("START", "start", { outputs: [output("__proto__"), output("constructor")] });
  const file = chain([
    join("a", "-{{constructor}}", {
      inputs: [input("prototype", reference("start#__proto__#__proto__"))],
      outputs: [output("constructor")],
    }),
    join("b", "-{{a.constructor}}"),
  ]);
  const nodes = (file["workflow"] as { workflowNodes: Json[] }).workflowNodes;
  const result = importJson({ ...file, workflow: { ...(file["workflow"] as object), workflowNodes: [odd, ...nodes.slice(1)] } as Json });
  assert.deepEqual(Object.keys((nodeOf(result, "start")["input"] as { properties: object }).properties), ["__proto__", "constructor"]);
  assert.equal(nodeOf(result, "a").inputs?.["prototype"], "{{ null }}");
  assert.equal(nodeOf(result, "a")["text"], "-{{ null }}");
  assert.equal(nodeOf(result, "b")["text"], "-{{ a.constructor_ }}");
});

test("the innermost graph wins where an id occurs twice, and native ids are unique", () => {
  const batch = container("BATCH", "each", [
    join("src", "", { inputs: [] }),
    join("use", "", { inputs: [input("x", reference("src#t#t"))] }),
    node("NEXT_LOOP", "n"),
  ]);
  const result = importJson(chain([SOURCE, batch]));
  assert.equal(nodeOf(result, "use").inputs?.["x"], "{{ src_2.t }}");
  assert.equal(nodeOf(result, "src_2").type, "template");
  assert.equal(nodeOf(result, "src").type, "code");
});
