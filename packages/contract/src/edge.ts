import { canonicalJson } from "#canonical-json";
import { isJsonObject, type Json, type JsonObject } from "#json";

/** The parts of an edge's short form: `from -> to`, `from.port -> to`. */
const SHORT = /^\s*([^\s.>]+)(?:\.([^\s>]+))?\s*->\s*([^\s.>]+)\s*$/;

/** What the short form can say: no blanks, no dots in ids, no arrow head. */
const SHORT_ID = /^[^\s.>]+$/;
const SHORT_PORT = /^[^\s>]+$/;

/** Where an edge leads from and to, in whichever form it is written; null: it is none. */
export function readEdge(edge: unknown): { readonly from: string; readonly port: string; readonly to: string } | null {
  if (typeof edge === "string") {
    const [, from, port = "out", to] = SHORT.exec(edge) ?? [];
    return from !== undefined && to !== undefined ? { from, port, to } : null;
  }
  if (!isJsonObject(edge)) return null;
  const { from, port = "out", to } = edge;
  return typeof from === "string" && typeof port === "string" && typeof to === "string" ? { from, port, to } : null;
}

/** Canonical JSON text of an edge: its short form where that says all of it, else the long form without the members that have their default. */
export function edgeText(edge: Json): string {
  if (typeof edge === "string") return JSON.stringify(normaliseShort(edge));
  return isJsonObject(edge) ? longText(edge) : canonicalJson(edge);
}

function normaliseShort(text: string): string {
  const parts = SHORT.exec(text);
  return parts === null ? text : shortForm(parts[1] ?? "", parts[2] ?? "out", parts[3] ?? "");
}

function shortForm(from: string, port: string, to: string): string {
  return port === "out" ? `${from} -> ${to}` : `${from}.${port} -> ${to}`;
}

function longText(edge: JsonObject): string {
  const { from, port = "out", to, toPort = "in", ...rest } = edge as Partial<Record<string, Json>>;
  const isPlain = Object.keys(rest).length === 0 && toPort === "in";
  if (isPlain && fits(from, SHORT_ID) && fits(port, SHORT_PORT) && fits(to, SHORT_ID)) return JSON.stringify(shortForm(from, port, to));
  return canonicalJson(
    Object.fromEntries(
      Object.entries(edge).filter(([key, value]) => !(key === "port" && value === "out") && !(key === "toPort" && value === "in")),
    ),
  );
}

function fits(value: Json | undefined, pattern: RegExp): value is string {
  return typeof value === "string" && pattern.test(value);
}
