import type { Json } from "@millrace/contract";
import { ANY, arrayOf, BOOLEAN, INTEGER, NUMBER, OBJECT, parseType, STRING, type ValueType } from "@millrace/engine";
import { containersOf, type NativeNode, pointerIn, type Refuse } from "#flow/export/native";
import type { Said, SaidValue } from "#flow/export/said";
import { piecesOf, saidOf } from "#flow/export/values";
import type { View } from "#flow/export/view";
import { isReadable } from "#flow/expression";
import { textOf } from "#flow/json";
import { isIdentifier } from "#flow/vendor";

/** A value as the vendor writes one. */
export type Sourced = { readonly type?: string; readonly source: string; readonly value: Json };

/** `run.*` and `workflow.*` by the vendor's names. */
const GLOBALS: ReadonlyMap<string, string> = new Map([
  ["run.userId", "sys.user_id"],
  ["workflow.id", "sys.agent_id"],
  ["run.id", "sys.workflow_run_id"],
  ["workflow.version", "sys.workflow_version"],
]);

/** Writes the values of one node. What the format has no word for is refused, and stands as nothing. */
export class Sayer {
  readonly node: NativeNode;
  readonly view: View;
  readonly #refuse: Refuse;

  constructor(node: NativeNode, view: View, refuse: Refuse) {
    this.node = node;
    this.view = view;
    this.#refuse = refuse;
  }

  /** Says why something of the node cannot be said, and where in it that stands. */
  readonly refuse = (reason: string, ...at: readonly (string | number)[]): void => {
    this.#refuse(pointerIn(this.node, ...at), reason, this.node);
  };

  /** A config member as a variable with a source. */
  variable(value: Json | undefined, ...at: readonly (string | number)[]): Sourced {
    const said = saidOf(value ?? null, this.node.graph);
    if (said !== null) return this.sourced(said, ...at);
    this.refuse(
      "a list or an object with values in it has no place here in .flow: make it in a code node, and name that node's output",
      ...at,
    );
    return { source: "DIRECT", value: "" };
  }

  sourced(said: Said, ...at: readonly (string | number)[]): Sourced {
    if (said.kind === "literal") return direct(said.value);
    if (said.kind === "value") return this.#reference(said, at);
    if (said.kind === "convert" && said.value.kind === "value") {
      return { ...this.#reference(said.value, at), ...typed(parseType(said.type) ?? ANY) };
    }
    this.#computes(said, at);
    return { source: "DIRECT", value: "" };
  }

  /** A config member as a vendor's template. */
  template(value: Json | undefined, ...at: readonly (string | number)[]): string {
    if (typeof value !== "string") return value === undefined || value === null ? "" : textOf(value);
    return piecesOf(value, this.node.graph)
      .map((piece) => ("text" in piece ? piece.text.replaceAll("{{", "\\{{") : this.#inserted(piece.said, at)))
      .join("");
  }

  #inserted(said: Said, at: readonly (string | number)[]): string {
    const inner = textValue(at.at(-1) === "url" ? unescaped(said) : said);
    if (inner.kind === "literal") return textOf(inner.value).replaceAll("{{", "\\{{");
    const name = inner.kind === "value" ? this.#templateName(inner) : inner.kind === "call" ? sameName(inner) : null;
    if (name !== null && !/[{}\r\n\u2028\u2029]/.test(name)) return `{{${name}}}`;
    if (inner.kind === "value") this.#nameless(inner, at);
    else this.#computes(inner, at);
    return "";
  }

  #nameless({ root, steps }: SaidValue, at: readonly (string | number)[]): void {
    this.refuse(`\`${[root, ...steps].join(".")}\` is no value that .flow has a name for`, ...at);
  }

  /** `<node id>.<output>`, and what nodes do not have. */
  #templateName(said: SaidValue): string | null {
    const { root, steps } = said;
    if (root === "inputs" || root === "env") return [...(root === "env" ? ["env"] : []), ...steps].join(".");
    const global = GLOBALS.get([root, ...steps].join("."));
    if (global !== undefined) return global;
    const found = this.view.find(said, this.#isInside(root));
    return found && isIdentifier(found.field.name) ? [this.view.idOf(found.node), found.field.name, ...found.path].join(".") : null;
  }

  #reference(said: SaidValue, at: readonly (string | number)[]): Sourced {
    const { root, steps } = said;
    const [first, ...more] = steps;
    if (root === "env" && first !== undefined && more.length === 0) return { source: "ENV", value: first };
    const global = GLOBALS.get([root, ...steps].join("."));
    if (global !== undefined) return { type: "STRING", source: "GLOBAL", value: global };
    const found = this.view.find(said, this.#isInside(root));
    if (found === null || found.path.some((step) => step === "" || step.includes(".") || !isReadable(step))) {
      this.#nameless(said, at);
      return { source: "DIRECT", value: "" };
    }
    const { node, field, path } = found;
    const type = path.length === 0 ? field.type : ANY;
    return {
      ...typed(type),
      source: "NODE",
      value: `${this.view.idOf(node)}#${[field.name, ...path].join(".")}#${field.id || field.name}`,
    };
  }

  /** Does this node lie in the body of the container of that id? */
  #isInside(id: string): boolean {
    return containersOf(this.node.graph).some((container) => container.id === id);
  }

  #computes(said: Said, at: readonly (string | number)[]): void {
    const what = said.kind === "other" ? `\`${said.source.slice(0, 80)}\`` : "the expression";
    this.refuse(`${what} computes, and .flow only names values: compute it in a code node, and name that node's output`, ...at);
  }
}

/** What a text shows of a value: how it becomes text is understood. */
export function textValue(said: Said): Said {
  if (said.kind === "text") return textValue(said.value);
  return said.kind === "convert" && parseType(said.type)?.kind === "string" ? said.value : said;
}

/** The value of `encodeURIComponent(value)`: in a URL of the vendor's that is understood. */
function unescaped(said: Said): Said {
  const [value] = said.kind === "call" && said.name === "encodeURIComponent" ? said.given : [];
  return value ?? said;
}

/** `coalesce(a.t, b.t)` is what `{{t}}` stands for: the first of these outputs. */
function sameName({ name, given }: Said & { kind: "call" }): string | null {
  if (name !== "coalesce") return null;
  const fields = new Set(given.map((one) => (one.kind === "value" ? one.steps.join(".") : null)));
  const [only = null] = fields;
  return fields.size === 1 ? only : null;
}

/** A literal in its type, as text; lists and null as they are. */
function direct(value: Json): Sourced {
  const type = literalType(value);
  const asText = value !== null && !Array.isArray(value);
  return { ...typed(type), source: "DIRECT", value: asText ? textOf(value) : value };
}

export function literalType(value: Json): ValueType {
  if (typeof value === "string") return STRING;
  if (typeof value === "number") return Number.isSafeInteger(value) ? INTEGER : NUMBER;
  if (typeof value === "boolean") return BOOLEAN;
  if (Array.isArray(value)) return arrayOf(ANY);
  return value === null ? ANY : OBJECT;
}

/** `{type}` in the file's spelling; nothing where any value goes. */
export function typed(type: ValueType): { readonly type?: string } {
  return type.kind === "any" ? {} : { type: spelled(type) };
}

export function spelled(type: ValueType): string {
  if (type.kind === "array") return type.items.kind === "any" ? "ARRAY" : `ARRAY_${spelled(type.items)}`;
  if (type.kind === "file") return type.file === null ? "FILE" : `FILE_${type.file.toUpperCase()}`;
  return type.kind.toUpperCase();
}
