import { isJsonObject, type Json, type JsonObject } from "@millrace/contract";

// What one command did to a document, small enough to keep two hundred of them over a reload, and exact: taken back, the text of the
// document is the same byte for byte, the order of its members included. Found by comparing two documents that share what did not change.

export type Step = string | number;

export type Change =
  | { readonly do: "set"; readonly path: readonly Step[]; readonly from: Json; readonly to: Json }
  /** Elements of an array give way to others. */
  | {
      readonly do: "splice";
      readonly path: readonly Step[];
      readonly at: number;
      readonly from: readonly Json[];
      readonly to: readonly Json[];
    }
  /** Members of an object, by their place in it, give way to others. */
  | {
      readonly do: "members";
      readonly path: readonly Step[];
      readonly at: number;
      readonly from: readonly Member[];
      readonly to: readonly Member[];
    };

type Member = readonly [name: string, value: Json];

export type Patch = readonly Change[];

export function diff(before: Json, after: Json): Patch {
  const changes: Change[] = [];
  compare(before, after, [], changes);
  return changes;
}

function compare(before: Json, after: Json, path: readonly Step[], changes: Change[]): void {
  if (before === after) return;
  if (Array.isArray(before) && Array.isArray(after)) compareArrays(before, after, path, changes);
  else if (isJsonObject(before) && isJsonObject(after)) compareObjects(before, after, path, changes);
  else changes.push({ do: "set", path, from: before, to: after });
}

function compareArrays(before: readonly Json[], after: readonly Json[], path: readonly Step[], changes: Change[]): void {
  const { head, tail } = shared(before, after, (left, right) => left === right);
  const from = before.slice(head, before.length - tail);
  const to = after.slice(head, after.length - tail);
  if (from.length !== to.length) {
    changes.push({ do: "splice", path, at: head, from, to });
    return;
  }
  for (const [index, value] of from.entries()) compare(value, to[index] ?? null, [...path, head + index], changes);
}

function compareObjects(before: JsonObject, after: JsonObject, path: readonly Step[], changes: Change[]): void {
  const left = Object.entries(before) as Member[];
  const right = Object.entries(after) as Member[];
  const { head, tail } = shared(left, right, ([a], [b]) => a === b);
  const from = left.slice(head, left.length - tail);
  const to = right.slice(head, right.length - tail);
  if (from.length + to.length > 0) changes.push({ do: "members", path, at: head, from, to });
  const kept = [...left.slice(0, head), ...left.slice(left.length - tail)];
  for (const [name, value] of kept) compare(value, after[name] ?? null, [...path, name], changes);
}

/** Lengths of the common beginning and the common end; they do not overlap. */
function shared<Item>(left: readonly Item[], right: readonly Item[], same: (a: Item, b: Item) => boolean): { head: number; tail: number } {
  const most = Math.min(left.length, right.length);
  let head = 0;
  while (head < most && same(left[head] as Item, right[head] as Item)) head += 1;
  let tail = 0;
  while (tail < most - head && same(left[left.length - 1 - tail] as Item, right[right.length - 1 - tail] as Item)) tail += 1;
  return { head, tail };
}

export function inverse(patch: Patch): Patch {
  return patch.map((change) => ({ ...change, from: change.to, to: change.from }) as Change).reverse();
}

/** The document after the patch; what the patch does not touch is shared with the given one. */
export function applyPatch(document: Json, patch: Patch): Json {
  return patch.reduce((current, change) => changed(current, change.path, change), document);
}

function changed(value: Json, path: readonly Step[], change: Change): Json {
  const [step, ...rest] = path;
  if (step === undefined) return changedHere(value, change);
  if (Array.isArray(value)) return value.map((item, index) => (index === step ? changed(item, rest, change) : item));
  if (!isJsonObject(value)) throw new Error(`a patch leads through ${String(step)}, which is not there`);
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [name, name === step ? changed(member as Json, rest, change) : member]),
  ) as JsonObject;
}

function changedHere(value: Json, change: Change): Json {
  switch (change.do) {
    case "set":
      return change.to;
    case "splice":
      return (value as readonly Json[]).toSpliced(change.at, change.from.length, ...change.to);
    case "members":
      return Object.fromEntries(
        (Object.entries(value as JsonObject) as Member[]).toSpliced(change.at, change.from.length, ...change.to),
      ) as JsonObject;
  }
}
