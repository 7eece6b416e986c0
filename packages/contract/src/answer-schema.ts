import type { Fault } from "#fault";
import { FaultSink } from "#fault-sink";
import type { Json, JsonObject } from "#json";
import { SchemaCompiler } from "#start/compile-schema";
import type { SchemaCheck, SchemaProblem, SchemaSink } from "#start/schema-types";

export type CompiledAnswer =
  /** `check`: the faults of a value; none: it fits. Their paths begin with the name of the value. */
  | { readonly ok: true; readonly check: (value: Json, name: string) => readonly Fault[] }
  | { readonly ok: false; readonly problems: readonly SchemaProblem[] };

/**
 * Compiles the JSON Schema of what a model is to answer: the keywords of a Start schema, but no files, and no patterns: few providers know
 * them, and a text of any length would be searched by them.
 */
export function compileAnswer(schema: JsonObject): CompiledAnswer {
  const compiler = new SchemaCompiler(schema, null, 0);
  const check = compiler.compile(schema, [], true);
  if (compiler.problems.length > 0) return { ok: false, problems: compiler.problems };
  return { ok: true, check: (value, name) => faultsOf(check, value, name) };
}

function faultsOf(check: SchemaCheck, value: Json, name: string): readonly Fault[] {
  const sink = new AnswerSink("en", [name]);
  check(value, sink);
  return sink.faults;
}

class AnswerSink extends FaultSink implements SchemaSink {
  keepFile(): void {}
}
