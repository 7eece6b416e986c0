import { type Json, say } from "@millrace/contract";
import type { ListNode, ObjectMember, ObjectNode, SpreadNode, TemplateNode } from "#expression/ast";
import type { Code, Compilation, Compiled } from "#expression/compilation";
import { fault } from "#expression/errors";
import type { Meter, Run } from "#expression/fuel";
import { fits } from "#expression/static-types";
import { meteredText } from "#expression/values";
import { isList, isObject, type JsonDraft, setOwn } from "#value/json";
import { commonTypeOf } from "#value/sample-type";
import { ANY, arrayOf, describe, STRING, typeName, type ValueType } from "#value/types";

type ListStep<Env> = (run: Run<Env>, items: Json[]) => void;

export function compileList<Env>(node: ListNode, c: Compilation<Env>): Compiled<Env> {
  c.builds = true;
  const types: ValueType[] = [];
  const steps = node.items.map((item): ListStep<Env> => {
    if (item.kind === "spread") return spreadItems(item, types, c);
    const { code, type } = c.compile(item);
    types.push(type);
    return (run, items) => items.push(code(run));
  });
  const code = (run: Run<Env>): Json => {
    const items: Json[] = [];
    run.elements(steps.length);
    for (const step of steps) step(run, items);
    return items;
  };
  return { code, type: arrayOf(commonTypeOf(types)) };
}

function spreadItems<Env>(node: SpreadNode, types: ValueType[], c: Compilation<Env>): ListStep<Env> {
  const { code, type } = c.compile(node.value);
  if (!fits(type, "list")) c.problems.add("wrong_type", node, say`Only a list can be spread into a list, not ${typeName(type)}.`);
  types.push(type.kind === "array" ? type.items : ANY);
  return (run, items) => {
    const value = code(run);
    if (value === null) return;
    if (!isList(value)) throw fault("wrong_type", `Only a list can be spread into a list, not ${describe(value)}.`);
    run.elements(value.length);
    for (const item of value) items.push(item);
  };
}

type ObjectStep<Env> = (run: Run<Env>, draft: JsonDraft) => void;

export function compileObject<Env>(node: ObjectNode, c: Compilation<Env>): Compiled<Env> {
  c.builds = true;
  const fields = new Map<string, ValueType>();
  const steps = node.members.map((member): ObjectStep<Env> => {
    return member.kind === "spread" ? spreadMembers(member, fields, c) : setMember(member, fields, c);
  });
  const code = (run: Run<Env>): Json => {
    const draft: JsonDraft = {};
    run.members(steps.length);
    for (const step of steps) step(run, draft);
    return draft;
  };
  return { code, type: { kind: "object", fields: Object.fromEntries(fields) } };
}

function setMember<Env>(node: ObjectMember, fields: Map<string, ValueType>, c: Compilation<Env>): ObjectStep<Env> {
  const { key } = node;
  if (typeof key === "string") {
    const { code, type } = c.compile(node.value);
    fields.set(key, type);
    return (run, draft) => setOwn(draft, key, code(run));
  }
  const { code: name } = c.compile(key);
  const { code } = c.compile(node.value);
  return (run, draft) => setOwn(draft, keyText(name(run), run), code(run));
}

/** A computed key must be plain: text, a number or a boolean. */
function keyText(key: Json, meter: Meter): string {
  if (key === null || typeof key === "object")
    throw fault("wrong_type", `A key must be a string, a number or a boolean, not ${describe(key)}.`);
  const text = String(key);
  meter.text(text.length);
  return text;
}

function spreadMembers<Env>(node: SpreadNode, fields: Map<string, ValueType>, c: Compilation<Env>): ObjectStep<Env> {
  const { code, type } = c.compile(node.value);
  if (!fits(type, "object")) c.problems.add("wrong_type", node, say`Only an object can be spread into an object, not ${typeName(type)}.`);
  if (type.kind === "object") for (const [name, field] of Object.entries(type.fields ?? {})) fields.set(name, field);
  return (run, draft) => {
    const value = code(run);
    if (value === null) return;
    if (!isObject(value)) throw fault("wrong_type", `Only an object can be spread into an object, not ${describe(value)}.`);
    const names = Object.keys(value);
    run.members(names.length);
    for (const name of names) setOwn(draft, name, value[name] ?? null);
  };
}

export function compileTemplateLiteral<Env>(node: TemplateNode, c: Compilation<Env>): Compiled<Env> {
  const parts: (string | Code<Env>)[] = [];
  for (const [index, text] of node.texts.entries()) {
    if (text !== "") parts.push(text);
    const value = node.values[index];
    if (value !== undefined) parts.push(c.compile(value).code);
  }
  return { code: joining(parts), type: STRING };
}

/** Texts and the texts of values, one behind the other. */
export function joining<Env>(parts: readonly (string | Code<Env>)[]): Code<Env> {
  return (run) => {
    let text = "";
    let total = 0;
    let longest = 0;
    for (const part of parts) {
      const piece = typeof part === "string" ? part : meteredText(part(run), run);
      total += piece.length;
      longest = Math.max(longest, piece.length);
      if (total > run.maxOutputBytes) throw run.outputExceeded();
      text += piece;
    }
    run.join(total, longest);
    return text;
  };
}
