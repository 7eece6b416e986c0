import type { Json, JsonObject } from "@millrace/contract";
import { convertTo, type FlowValue, NULL } from "#flow/expression";
import { envValue, globalValue } from "#flow/globals";
import { isBlank, objectOf, textOf } from "#flow/json";
import type { FlowNode } from "#flow/model/graph";
import type { Variable } from "#flow/model/variable";
import { quote } from "#flow/problems";
import { isReference, type Reader, resolveReference } from "#flow/references";
import type { Translation } from "#flow/translation";
import { readType } from "#flow/types";

/** Turns variables with a source into native values, as one node (or the end of an iteration) reads them. */
export class ValueReader {
  readonly node: FlowNode;
  readonly translation: Translation;
  readonly reader: Reader;

  constructor(node: FlowNode, translation: Translation, reader: Reader = { graph: node.graph, node }) {
    this.node = node;
    this.translation = translation;
    this.reader = reader;
  }

  /** The value of a declared variable, as it enters its type. */
  declared({ raw, at, type }: Variable): FlowValue {
    return convertTo(this.sourced(raw, at), type);
  }

  /** `{source, type, value}` as read: a literal in its type, a reference as it is. */
  operand(value: Json | undefined, at: string): FlowValue {
    const raw = objectOf(value);
    const read = this.sourced(raw, at);
    const type = readType(raw["type"], `${at}.type`, this.translation.problems, this.node.id);
    return "literal" in read ? convertTo(read, type) : read;
  }

  /** The value that `source` and `value` say, before any conversion. */
  sourced(raw: JsonObject, at: string): FlowValue {
    const { value } = raw;
    const valueAt = `${at}.value`;
    switch (isBlank(raw["source"]) ? "" : textOf(raw["source"]).trim().toUpperCase()) {
      case "NODE":
        return this.reference(textOf(value), valueAt);
      case "ENV":
        return this.#env(value, valueAt);
      case "GLOBAL":
        return this.#global(value, valueAt);
      case "DIRECT":
        return { literal: value ?? null };
      default:
        return typeof value === "string" && this.isReference(value) ? this.reference(value, valueAt) : { literal: value ?? null };
    }
  }

  isReference(text: string): boolean {
    return isReference(text, this.reader, this.translation);
  }

  reference(text: string, at: string): FlowValue {
    return resolveReference(text, at, this.reader, this.node, this.translation);
  }

  #env(value: Json | undefined, at: string): FlowValue {
    const name = textOf(value).trim();
    if (name === "") {
      this.translation.report(this.node, "MR_REF_SYNTAX", at, "An environment variable is named by its name.");
      return NULL;
    }
    if (!this.translation.readEnv(name)) {
      this.translation.report(this.node, "MR_ENV_UNDEFINED", at, `The environment variable ${quote(name)} has no value on this server.`);
    }
    return envValue(name);
  }

  #global(value: Json | undefined, at: string): FlowValue {
    const name = textOf(value).trim();
    const known = globalValue(name);
    if (known !== null) return known;
    this.translation.report(this.node, "MR_REF_UNKNOWN", at, `There is no global value ${quote(name)}; it reads as null.`);
    return NULL;
  }
}
