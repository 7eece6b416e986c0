import { isJsonObject, type Json, type JsonObject, toPointer } from "@millrace/contract";
import { ANY, type CompiledTemplate, compileTemplate, hasExpression, OBJECT, type ReferenceResolver, STRING } from "@millrace/engine";

/** What the expressions of a hook's input see. */
export interface Received {
  readonly method: string;
  readonly headers: JsonObject;
  readonly query: JsonObject;
  readonly body: Json;
}

export interface MappingProblem {
  /** JSON pointer in the mapping. */
  readonly path: string;
  readonly message: string;
}

export type Mapping = (received: Received, at: { readonly now: number; readonly seed: string }) => Json;

const TYPES = { method: STRING, headers: OBJECT, query: OBJECT, body: ANY } as const;

const NAMES: ReferenceResolver<Received> = {
  names: () => Object.keys(TYPES),
  resolve: (name) => {
    if (!Object.hasOwn(TYPES, name)) return null;
    const member = name as keyof Received;
    return { consumed: 0, type: TYPES[member], read: (received) => received[member] };
  },
};

/** Compiles every text of the mapping; problems instead where one cannot be read. */
export function compileMapping(mapping: JsonObject): { readonly map: Mapping | null; readonly problems: readonly MappingProblem[] } {
  const problems: MappingProblem[] = [];
  const map = compile(mapping, "", problems);
  return { map: problems.length > 0 ? null : map, problems };
}

function compile(value: Json, path: string, problems: MappingProblem[]): Mapping {
  if (typeof value === "string" && hasExpression(value)) return compileText(value, path, problems);
  if (Array.isArray(value)) {
    const items = value.map((item: Json, index) => compile(item, `${path}/${index}`, problems));
    return (received, at) => items.map((item) => item(received, at));
  }
  if (!isJsonObject(value)) return () => value;
  const members = Object.entries(value).map(([name, member]) => [name, compile(member, path + toPointer([name]), problems)] as const);
  return (received, at) => Object.fromEntries(members.map(([name, member]) => [name, member(received, at)]));
}

function compileText(text: string, path: string, problems: MappingProblem[]): Mapping {
  const compiled = compileTemplate(text, NAMES);
  if (!compiled.ok) {
    for (const { message, hint } of compiled.problems) problems.push({ path, message: hint ? `${message} (${hint})` : message });
    return () => null;
  }
  const { template }: { readonly template: CompiledTemplate<Received> } = compiled;
  return (received, { now, seed }) => template.evaluate({ env: received, now, seed: seed + path });
}
