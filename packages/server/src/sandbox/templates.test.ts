import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, describe, test } from "node:test";
import type { JsonObject } from "@millrace/contract";
import { TerminalError } from "@millrace/engine";
import { createSandbox } from "#sandbox/create-sandbox";
import { withMemoryCap } from "#sandbox/engine/memory-cap";
import { MAX_CODE_CHARS, MAX_RESULT_BYTES } from "#sandbox/limits";
import { templateEngineFile } from "#sandbox/locate";

const sandbox = createSandbox({ poolSize: 1 });
after(() => sandbox.close());

/** Long enough for a machine that is busy; what ends by fuel, memory or recursion ends before it. */
const PATIENT_MS = 60_000;

const render = (template: string, values: JsonObject = {}, timeoutMs = PATIENT_MS) => sandbox.render({ template, values, timeoutMs });

async function failureOf(call: Promise<string>): Promise<TerminalError> {
  const error = await call.then(
    (text) => assert.fail(`rendered ${text.slice(0, 200)}`),
    (thrown: unknown) => thrown,
  );
  assert.ok(error instanceof TerminalError, String(error));
  return error;
}

describe("what templates write", () => {
  const values = { name: "Ada", n: 3, half: 1.5, none: null, yes: true, list: [3, 1, 2], nested: { a: { b: "deep" } }, html: "<b>" };
  const CASES: readonly [template: string, text: string][] = [
    ["{{ name }} {{ n }} {{ half }} {{ html }}", "Ada 3 1.5 <b>"],
    ["{{ none }} {{ yes }} [{{ missing }}]", "none true []"],
    ["{{ nested.a.b }} {{ list[0] }} {{ list | sort | join('-') }}", "deep 3 1-2-3"],
    ["{% for x in list if x > 1 %}{{ loop.index }}:{{ x }}{% if not loop.last %}, {% endif %}{% else %}none{% endfor %}", "1:3, 2:2"],
    ["{% for x in [] %}{{ x }}{% else %}none{% endfor %}", "none"],
    ["{% if n == 3 and name is defined %}yes{% elif n %}maybe{% else %}no{% endif %}", "yes"],
    ["{% set total = namespace(sum=0) %}{% for x in list %}{% set total.sum = total.sum + x %}{% endfor %}{{ total.sum }}", "6"],
    ["{% macro hi(who, mark='!') %}Hi {{ who }}{{ mark }}{% endmacro %}{{ hi(name) }} {{ hi('Bo', mark='?') }}", "Hi Ada! Hi Bo?"],
    ["{# nothing #}{% raw %}{{ name }}{% endraw %}", "{{ name }}"],
    ["{{ name.upper() }} {{ missing | default('no') }} {{ nested | tojson }}", 'ADA no {"a":{"b":"deep"}}'],
    ["a\n  {%- if yes %} b{% endif %}\n", "a b"],
  ];
  for (const [template, text] of CASES) test(template, async () => assert.equal(await render(template, values), text));

  test("a value is no template: what it says is written, and not read again", async () => {
    assert.equal(await render("{{ x }}", { x: "{{ y }}{% include 'z' %}", y: 1 }), "{{ y }}{% include 'z' %}");
  });
});

describe("a template that is wrong is told where", () => {
  const CASES: readonly [template: string, message: RegExp][] = [
    ["one\n{{ two", /^syntax error: unexpected end of input.* \(line 2\)$/],
    ["{% for x in y %}", /^syntax error: .* \(line 1\)$/],
    ["{{ x | nothing }}", /^unknown filter: .*nothing.* \(line 1\)$/],
    ["\n\n{{ a.b.c }}", /^undefined value \(line 3\)$/],
  ];
  for (const [template, message] of CASES)
    test(JSON.stringify(template), async () => {
      const error = await failureOf(render(template, { a: {} }));
      assert.deepEqual([error.type, message.test(error.message)], ["template_error", true], error.message);
    });
});

/** What ends in the same interpreter, by the interpreter's own bounds. */
const REFUSED: readonly [what: string, template: string][] = [
  ["a file", "{% include '/etc/passwd' %}"],
  ["a file by a relative path", "{% include '../../../../etc/passwd' %}"],
  ["a template to import", "{% import 'os' as os %}{{ os.environ }}"],
  ["names of a template", "{% from 'os' import popen %}{{ popen('id') }}"],
  ["a template to extend", "{% extends 'base.html' %}"],
  ["itself", "{% include '<string>' %}"],
  ["Python's classes of a text", "{{ ''.__class__.__mro__[1].__subclasses__() }}"],
  ["Python's classes of a list", "{{ [].__class__.__base__.__subclasses__() }}"],
  ["Python's globals of a function", "{{ cycler.__init__.__globals__.os.popen('id').read() }}"],
  ["Python's globals of another", "{{ lipsum.__globals__['os'].popen('id').read() }}"],
  ["the template's own context", "{{ self._TemplateReference__context.cycler.__init__.__globals__.os }}"],
  ["attributes by a filter", "{{ (''|attr('__class__'))|attr('__mro__') }}"],
  ["a format string", "{{ '{0.__class__.__mro__}'.format('') }}"],
  ["a constructor", "{{ x.constructor.constructor('return process')() }}"],
  ["a prototype", "{{ x.__proto__.polluted.more }}"],
  ["the host's process", "{{ process.env.PATH }}"],
  ["the host's modules", "{{ require('fs').readFileSync('/etc/passwd') }}"],
  ["the host's global", "{{ globalThis.process.exit() }}"],
  ["a function of a value", "{{ x.toString.call(1) }}"],
  ["a range without end", "{{ range(1000000000)|length }}"],
  ["loops within loops", "{% for i in range(100000) %}{% for j in range(100000) %}{% endfor %}{% endfor %}"],
  ["a macro that calls itself", "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}"],
  ["a loop that calls itself", "{% for x in [[1]] recursive %}{{ loop([[1]]) }}{% endfor %}"],
  ["an expression that is nested too deeply", `{{ ${"(".repeat(20_000)}1${")".repeat(20_000)} }}`],
  ["a list that is nested too deeply", `{{ ${"[".repeat(20_000)}${"]".repeat(20_000)} }}`],
  ["blocks that are nested too deeply", `${"{% if 1 %}".repeat(3_000)}${"{% endif %}".repeat(3_000)}`],
];

describe("what a template reaches for is not there, and the next call is clean", () => {
  for (const [what, template] of REFUSED)
    test(what, async () => {
      const error = await failureOf(render(template, { x: { a: 1 } }));
      assert.equal(error.type, "template_error", error.message);
      assert.ok(!/root:|PATH|node/.test(error.message), error.message);
      assert.equal(await render("{{ x }}{{ leftover }}", { x: 1 }), "1");
    });

  test("members with the names of prototypes are members", async () => {
    const values = JSON.parse('{"x":{"__proto__":{"a":1},"constructor":2,"toString":3}}') as JsonObject;
    assert.equal(await render("{{ x.__proto__.a }}{{ x.constructor }}{{ x.toString }}{{ x.hasOwnProperty }}", values), "123");
    assert.equal(({} as { a?: number }).a, undefined);
  });

  test("debug() shows nothing but the template's own values", async () => {
    const text = await render("{{ debug() }}", { x: "mine" });
    assert.ok(text.includes("mine") && !text.includes(process.cwd()) && !text.includes("HOME"), text.slice(0, 500));
  });
});

/** What only the bound of its memory, or of its time, ends. */
const BOMBS: readonly [what: string, template: string][] = [
  ["a text that is repeated", "{{ 'a' * 1000000000 }}"],
  ["a text that is repeated in a variable", "{% set a = 'a' * 100000000 %}{% set b = a ~ a %}{{ (b ~ b)|length }}"],
  ["values that are written again and again", "{% for i in range(100000) %}{{ big }}{% endfor %}"],
  ["a text that is replaced by longer ones", "{% set a = 'a' * 60000000 %}{{ a|replace('a', 'bbbbbbbbbb')|length }}"],
];

describe("a template that takes too much is ended, and the server goes on", () => {
  for (const [what, template] of BOMBS)
    test(what, async () => {
      const error = await failureOf(render(template, { big: "x".repeat(100_000) }));
      assert.match(error.message, /memory|longer than its limit|fuel/, error.message);
      assert.equal(await render("{{ 1 + 1 }}"), "2");
    });

  test("its time is bounded", async () => {
    const template = "{% for i in range(100000) %}{% set a = ('ab' * 400000)|replace('a', 'b')|length %}{% endfor %}";
    const error = await failureOf(render(template, {}, 300));
    assert.deepEqual([error.type, error.message], ["template_error", "The template took longer than its limit of 300 ms."]);
    assert.equal(await render("{{ 1 + 1 }}"), "2");
  });

  test("its text is bounded, on both sides", async () => {
    const most = MAX_RESULT_BYTES - '""'.length;
    assert.equal((await render("{{ x }}", { x: "a".repeat(most) })).length, most);
    const error = await failureOf(render("{{ x }}", { x: "a".repeat(most + 1) }));
    assert.equal(error.type, "limit_exceeded");
  });

  test("its own length is bounded, on both sides", async () => {
    assert.equal((await render("a".repeat(MAX_CODE_CHARS))).length, MAX_CODE_CHARS);
    assert.equal((await failureOf(render("a".repeat(MAX_CODE_CHARS + 1)))).type, "limit_exceeded");
  });

  test("who no longer waits for it is told so", async () => {
    const controller = new AbortController();
    controller.abort();
    assert.equal((await failureOf(sandbox.render({ template: "a", values: {}, signal: controller.signal }))).type, "cancelled");
  });
});

test("templates and code take turns in one process, and neither sees the other", async () => {
  const both = await Promise.all(
    Array.from({ length: 40 }, async (_, n) =>
      n % 2 === 0
        ? render(`{{ n }} of ${n}`, { n })
        : String((await sandbox.run({ language: "javascript", code: "return inputs.n + ' of ' + inputs.n", inputs: { n } })).value),
    ),
  );
  assert.deepEqual(
    both,
    Array.from({ length: 40 }, (_, n) => `${n} of ${n}`),
  );
});

test("a memory without a bound gets one, and a module that has none of its own is refused", () => {
  const capped = withMemoryCap(readFileSync(templateEngineFile()), 100);
  assert.throws(() => withMemoryCap(capped, 100), /does not define one memory without a bound/);
  assert.throws(() => withMemoryCap(Uint8Array.of(0, 97, 115, 109, 1, 0, 0, 0), 100), /defines no memory/);
});
