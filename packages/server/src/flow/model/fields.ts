import { ANY, INTEGER } from "@millrace/engine";
import { type Expression, fieldName, member, NULL, stringCode } from "#flow/expression";
import { MAX_NAME_STEPS } from "#flow/limits";
import type { Field, Fields } from "#flow/model/field";
import type { FlowNode } from "#flow/model/graph";
import type { LoopVariable } from "#flow/model/loop-variable";
import type { Variable } from "#flow/model/variable";

interface Entry extends Field {
  readonly id: string;
}

/** The declared outputs, as nodes after this one read them. A node that never runs has nothing but null. */
export function outputFields(node: FlowNode): Fields {
  const outer = node.graph.container === null;
  return index(
    node.outputs.map((output) => ({
      id: output.id,
      name: output.name,
      expression: node.dead ? NULL : read(node, output, outer && node.type === "START"),
    })),
  );
}

function read(node: FlowNode, { name, type }: Variable, asInput: boolean): Expression {
  // Start's fields are the members of the request, so their names cannot be changed; all other fields are this document's own.
  return { code: member(node.nativeId, asInput ? name : fieldName(name)), type };
}

/** The current item, `index` and the intermediate variables, as the body reads them. */
export function frameFields(node: FlowNode, items: readonly LoopVariable[], variables: readonly LoopVariable[]): Fields {
  return index([
    ...items.map(({ id, name, native, type }) => ({ id, name, expression: { code: member(`${node.nativeId}.item`, native), type } })),
    { id: "index", name: "index", expression: { code: `${node.nativeId}.index`, type: INTEGER } },
    ...variables.map(({ id, name, native, type }) => ({ id, name, expression: { code: member(node.nativeId, native), type } })),
  ]);
}

/** Of several with one id or name the first counts. */
function index(entries: readonly Entry[]): Fields {
  const byId = new Map<string, Field>();
  const byName = new Map<string, Field>();
  for (const { id, name, expression } of entries) {
    const field = { name, expression };
    if (id !== "" && !byId.has(id)) byId.set(id, field);
    if (name !== "" && !byName.has(name)) byName.set(name, field);
  }
  return { byId, byName };
}

/** `name`, or `name.a.0` as a path into the value of `name`, where no field has that whole name. Null: neither. */
export function findByName(fields: Fields, name: string): Expression | null {
  const whole = fields.byName.get(name);
  if (whole) return whole.expression;
  for (const dot of dotsOf(name).toReversed()) {
    const field = fields.byName.get(name.slice(0, dot));
    if (field) return walk(field.expression, name.slice(dot + 1));
  }
  return null;
}

/** Where the name could be split into a name and a path. */
export function dotsOf(name: string): readonly number[] {
  const dots: number[] = [];
  for (let dot = name.indexOf("."); dot >= 0 && dots.length < MAX_NAME_STEPS; dot = name.indexOf(".", dot + 1)) dots.push(dot);
  return dots;
}

/** A path into a value, "a.0.b"; null where it has an empty step and so is none. */
export function walk(value: Expression, path: string): Expression | null {
  if (path.split(".").includes("")) return null;
  return value === NULL ? NULL : { code: `path(${value.code}, ${stringCode(path)})`, type: ANY };
}
