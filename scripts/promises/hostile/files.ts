/** A workflow's file that wants to be more, or to be read for ever. */
export interface HostileFile {
  readonly name: string;
  readonly text: string;
}

const START = { id: "start", type: "start", input: { type: "object", properties: {} } };
const END = { id: "end", type: "end", output: {} };

const native = (nodes: readonly object[], edges: readonly string[], more: object = {}): string => {
  return JSON.stringify({ format: "millrace/1", name: "hostile", nodes, edges, ...more });
};

const levels = (count: number, width: number): string =>
  Array.from({ length: count }, (_, n) => {
    const items = Array.from({ length: width }, () => (n === 0 ? "x" : `*l${n - 1}`));
    return `l${n}: &l${n} [${items.join(", ")}]`;
  }).join("\n");

/** Whom they want to call and what they want to start: `url` is listened to, and nobody comes. */
export function hostileFiles(url: string): HostileFile[] {
  return [...yamlFiles(), ...graphFiles(), ...callingFiles(url), ...brokenFiles()];
}

function yamlFiles(): HostileFile[] {
  const tags = [
    "!!js/function",
    "!!js/undefined",
    "!!python/object/apply:os.system",
    "!ruby/object:Gem::Installer",
    "!!binary",
    "!include",
    "!unknown",
  ];
  const texts: { readonly [name: string]: string } = {
    "9 levels of 9 aliases": levels(9, 9),
    "2 levels of 99 aliases": levels(2, 99),
    "an alias to itself": "a: &a [*a]",
    "a merge of itself": "a: &a\n  <<: *a\n  b: 1",
    "100,000 documents": "---\n".repeat(100_000),
    tabs: "\t".repeat(100_000),
    "500 indents": Array.from({ length: 500 }, (_, n) => `${" ".repeat(n)}a:`).join("\n"),
    "200,000 lines of one text": `a: |\n${" x\n".repeat(200_000)}`,
    "20,000 flow lists": "[".repeat(20_000),
    "20,000 keys": Array.from({ length: 20_000 }, (_, n) => `k${n}: 0`).join("\n"),
    "20,000 faults": "a: ]\n".repeat(20_000),
    "a megabyte and more": `a: ${"x".repeat(2_000_000)}`,
    "prototype keys": "__proto__: { polluted: 1 }\nconstructor: { prototype: { polluted: 1 } }",
  };
  const tagged = tags.map((tag) => ({
    name: `the tag ${tag}`,
    text: `format: millrace/1\nname: ${tag} 'touch /tmp/x'\nnodes: []\nedges: []`,
  }));
  return [...Object.entries(texts).map(([name, text]) => ({ name, text })), ...tagged];
}

function graphFiles(): HostileFile[] {
  const many = (count: number) => Array.from({ length: count }, (_, n) => ({ id: `n${n}`, type: "template", template: "x" }));
  const nested = (depth: number): object => {
    return depth === 0 ? { id: "leaf", type: "next" } : { id: `l${depth}`, type: "loop", body: { nodes: [nested(depth - 1)], edges: [] } };
  };
  const texts: { readonly [name: string]: string } = {
    "a cycle": native([START, ...many(2), END], ["start -> n0", "n0 -> n1", "n1 -> n0", "n1 -> end"]),
    "an edge to itself": native([START, ...many(1), END], ["start -> n0", "n0 -> n0", "n0 -> end"]),
    "an edge to nowhere": native([START, END], ["start -> nowhere", "start -> end"]),
    "ids twice": native([START, START, END, END], ["start -> end"]),
    "no start": native([END], []),
    "10,000 nodes": native([START, ...many(10_000), END], ["start -> end"]),
    "10,000 edges": native(
      [START, END],
      Array.from({ length: 10_000 }, () => "start -> end"),
    ),
    "80 loops in each other": native([START, nested(80), END], ["start -> end"]),
    "a workflow that calls itself": native(
      [START, { id: "call", type: "workflow", workflow: "hostile" }, END],
      ["start -> call", "call -> end"],
    ),
    "an unknown type": native([START, { id: "x", type: "__proto__" }, END], ["start -> x", "x -> end"]),
  };
  const members = ["format", "name", "nodes", "edges", "env", "layout", "flow", "description"];
  const wrong = [null, 1, "x", [], {}].flatMap((value) =>
    members.map((member) => ({
      name: `${member} = ${JSON.stringify(value)}`,
      text: native([START, END], ["start -> end"], { [member]: value }),
    })),
  );
  return [...Object.entries(texts).map(([name, text]) => ({ name, text })), ...wrong];
}

function callingFiles(url: string): HostileFile[] {
  const code = (text: string) => ({ id: "x", type: "code", code: text });
  const nodes: { readonly [name: string]: object } = {
    "code that starts a process": code('process.getBuiltinModule("child_process").execSync("true")'),
    "code that is none": code("((("),
    "code that never ends": code("for (;;) {}"),
    "code that imports": code('import("node:fs")'),
    "a call": { id: "x", type: "http", request: { method: "GET", url } },
    "a call that an expression makes": { id: "x", type: "http", request: { method: "GET", url: `{{ "${url}" + "" }}` } },
    "a template of constants": { id: "x", type: "template", template: "{{ -null }} {{ [1,2,3].map(a => [1,2,3].map(b => a / b)) }}" },
    "a schema elsewhere": { id: "x", type: "start", input: { $ref: url } },
    "a file elsewhere": { id: "x", type: "start", input: { $ref: "file:///etc/passwd" } },
    "a name with a command in it": { id: "$(touch /tmp/x)", type: "template", template: "`id`" },
  };
  return Object.entries(nodes).map(([name, node]) => ({ name, text: native([START, node, END], ["start -> x", "x -> end"]) }));
}

function brokenFiles(): HostileFile[] {
  const flow = (more: object) => JSON.stringify({ exportType: "BOT", botType: "Workflow", name: "hostile", ...more });
  const good = native([START, END], ["start -> end"]);
  return [
    { name: "nothing", text: "" },
    { name: "NUL", text: "\0" },
    { name: "a .flow without a workflow", text: flow({}) },
    { name: "a .flow of no nodes", text: flow({ workflow: { workflowNodes: [], workflowEdges: [] } }) },
    { name: "a .flow of 5,000 levels", text: flow({}).replace(/\}$/, `,"workflow":${'{"a":'.repeat(5_000)}1${"}".repeat(5_001)}`) },
    { name: "a .flow of plugins", text: flow({ plugins: [{ auth: "s", headers: { "a\r\nb": "c" }, url: "file:///etc/passwd" }] }) },
    ...Array.from({ length: 24 }, (_, n) => ({ name: `cut after ${n * 5} bytes`, text: good.slice(0, n * 5) })),
  ];
}
