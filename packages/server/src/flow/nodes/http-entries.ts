import { isJsonObject, type Json } from "@millrace/contract";
import { STRING } from "@millrace/engine";
import { configOf, convertTo } from "#flow/expression";
import { isBlank, listOf, objectOf, textOf } from "#flow/json";
import { templateText } from "#flow/templates";
import type { ValueReader } from "#flow/values";

/** A header, query parameter or form field; `value` is native. */
export interface Entry {
  readonly name: string;
  readonly value: Json;
}

/** `[{name, value}]` or an object; each value is a template, or a variable with a source. Entries without a name are left out. */
export function readEntries(value: Json | undefined, at: string, values: ValueReader): readonly Entry[] {
  if (value !== undefined && isJsonObject(value)) {
    const named = Object.entries(value).filter(([name]) => !isBlank(name));
    return named.map(([name, item]) => ({ name, value: templateText(item, `${at}.${name}`, values) }));
  }
  return listOf(value).flatMap((item, index) => {
    const entry = objectOf(item);
    const entryAt = `${at}[${index}]`;
    if (isBlank(entry["name"])) return [];
    const name = textOf(entry["name"]);
    if (isBlank(entry["source"])) return [{ name, value: templateText(entry["value"], `${entryAt}.value`, values) }];
    return [{ name, value: configOf(convertTo(values.operand(entry, entryAt), STRING)) }];
  });
}
