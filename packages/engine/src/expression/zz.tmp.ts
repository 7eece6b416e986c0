import { readFileSync } from "node:fs";
import { compileTemplate } from "#expression/compile";
import { contextOf, scopeOf } from "#expression/testing/evaluate";
const list = JSON.parse(readFileSync(new URL("./testing/expression-attacks.json", import.meta.url), "utf8"));
for (const a of list) {
  const text = a.code.split(/ with /)[0];
  const data = { x: { y: 1 }, list: Array.from({length: 1000},(_, i) => i), text: "a".repeat(1e6), env: {} , userText: "{{ s }}", a: "{", b: "{ s }}"};
  const r = compileTemplate(text, scopeOf(data));
  let out;
  const t = performance.now();
  if (!r.ok) out = r.problems.map((p) => `${p.code}@${p.start}-${p.end} ${p.message} ${p.hint ?? ""}`).join(" ; ");
  else try { out = JSON.stringify(r.template.evaluate(contextOf(data))).slice(0, 60); } catch (e) { out = `${e.type} ${e.code} ${e.message}`; }
  console.log(a.name.padEnd(30), `${(performance.now()-t).toFixed(0)}ms`.padEnd(6), out);
}
