import { isJsonObject, type Json } from "@millrace/contract";

/** Walks objects and lists: `a.0.b`. A step that is not there is null. */
export function readField(item: Json, field: string | undefined): Json {
  if (field === undefined) return item;
  return field.split(".").reduce<Json>(step, item);
}

function step(value: Json, name: string): Json {
  if (Array.isArray(value)) return /^\d{1,9}$/.test(name) ? ((value as readonly Json[])[Number(name)] ?? null) : null;
  return isJsonObject(value) && Object.hasOwn(value, name) ? (value[name] ?? null) : null;
}
