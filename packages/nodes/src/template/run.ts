import type { Json } from "@millrace/contract";
import { textOf } from "@millrace/engine";
import { defineEffect, definePure } from "#kit/executor";
import { jinjaSpec, spec } from "#template/spec";

interface JinjaConfig {
  readonly jinja: string;
}

const jinja = defineEffect<JinjaConfig>(jinjaSpec, async ({ jinja: template }, { inputs, timeoutMs, signal, capabilities }) => {
  const text = await capabilities.sandbox.render({ template, values: inputs, ...(timeoutMs !== null && { timeoutMs }), signal });
  return { verb: "continue", output: { text } };
});

export const executor = definePure<{ readonly text: Json }>(
  spec,
  ({ text }) => ({ verb: "continue", output: { text: textOf(text) } }),
  jinja,
);
