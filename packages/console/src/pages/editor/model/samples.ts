import { isJsonObject, type Json } from "@millrace/contract";

/** Node id -> what it gave in the run that samples are taken from. */
export type Samples = ReadonlyMap<string, Json>;

const LONGEST = 120;

/** What `fetch.body` was, in a line; null where the run has nothing of it. */
export function sampleOf(samples: Samples, expression: string): string | null {
  const [root = "", ...path] = expression.split(".");
  let value: Json | undefined = samples.get(root);
  for (const step of path) value = isJsonObject(value) ? value[step] : undefined;
  if (value === undefined) return null;
  const text = JSON.stringify(value);
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text;
}
