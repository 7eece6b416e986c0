import type { Json } from "@millrace/contract";
import { type Entry, nodeOfPath, type Plan, prepare, replay } from "@millrace/engine";

/** What stands for the value of a secret. */
const MASK = "••••";

/** What the value is called with which the execution began whose first entry is `seq`. */
export function inputName(seq: number): string {
  return `${seq}-input`;
}

/**
 * The settings of a node, with the values of their expressions, as they were when it began: evaluated again in the state that the journal
 * led to. Secrets are masked. undefined: no execution began there, or an expression of it failed.
 */
export function nodeInput(plan: Plan, name: string, journal: readonly Entry[]): Json | undefined {
  const seq = Number(/^(\d{1,9})-input$/.exec(name)?.[1] ?? Number.NaN);
  const entry = journal[seq];
  if (!entry || !("path" in entry) || entry.path === "" || seq === 0) return undefined;
  const names = nodeOfPath(plan.root, entry.path)?.secrets ?? [];
  const secrets = Object.fromEntries(names.map((name) => [name, MASK]));
  try {
    const { config, inputs } = prepare(replay(plan, journal.slice(0, seq)), entry.path, secrets);
    return Object.keys(inputs).length === 0 ? config : { ...config, inputs };
  } catch {
    return undefined;
  }
}
