import { readdirSync, readFileSync } from "node:fs";
import type { JsonObject } from "@millrace/contract";
import type { Directive } from "@millrace/engine";
import type { Script } from "#testing/doubles";

/** One sample of a node type: golden test, example of the docs and the console's "Try it". */
export interface Sample extends Script {
  readonly title: string;
  /** The node's config members. */
  readonly config: JsonObject;
  /** What the node's expressions can read: the run's input as `start`, other nodes' fields by their id. */
  readonly scope?: JsonObject;
  /** The node's `inputs`. */
  readonly inputs?: JsonObject;
  /** The node stands in the first iteration of this container; `id` is "around". */
  readonly around?: JsonObject;
  /** Time left for the attempt, ms. */
  readonly timeoutMs?: number;
  /** Iterations of one loop or batch at most. */
  readonly maxIterations?: number;
  readonly expect: Expectation;
}

/** What comes of a sample: a directive, an error of the node, or problems of the plan. */
export type Expectation =
  | { readonly directive: Directive }
  | {
      readonly error: {
        readonly type: string;
        readonly message: string;
        readonly field?: string;
        readonly retryable?: boolean;
        readonly retryAfterMs?: number;
      };
    }
  | { readonly problems: readonly { readonly code: string; readonly path: string; readonly level?: "warning"; readonly hint?: string }[] };

const SRC = new URL("../", import.meta.url);

/** File name -> sample, of one node folder. */
export function samplesOf(folder: string): ReadonlyMap<string, Sample> {
  const directory = new URL(`${folder}/samples/`, SRC);
  const files = readdirSync(directory)
    .filter((name) => name.endsWith(".json"))
    .sort();
  return new Map(files.map((name) => [name, JSON.parse(readFileSync(new URL(name, directory), "utf8")) as Sample]));
}
