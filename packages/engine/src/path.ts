/**
 * Structural paths name a node of a run: `fetch`, `each[3]/fetch`, `each[3]/inner[0]/set`. Unique in a run; the journal's, the
 * idempotency keys' and the inspector's one way to name things.
 */
export interface PathStep {
  /** Node id of the container. */
  readonly id: string;
  /** Which of its items. */
  readonly index: number;
}

export interface ParsedPath {
  readonly steps: readonly PathStep[];
  readonly id: string;
}

export function parsePath(path: string): ParsedPath {
  const slash = path.lastIndexOf("/");
  if (slash < 0) return { steps: NO_STEPS, id: path };
  return { steps: path.slice(0, slash).split("/").map(parseStep), id: path.slice(slash + 1) };
}

const NO_STEPS: readonly PathStep[] = [];

function parseStep(step: string): PathStep {
  const bracket = step.indexOf("[");
  return { id: step.slice(0, bracket), index: Number(step.slice(bracket + 1, -1)) };
}

/** `each[3]/`: what the paths of everything in that item begin with. */
export function itemPrefix(containerPath: string, index: number): string {
  return `${containerPath}[${index}]/`;
}

/** The container around a frame: "each[3]/" → { path: "each", index: 3 }; null for the document's own frame. */
export function containerOf(prefix: string): { path: string; index: number } | null {
  if (prefix === "") return null;
  const bracket = prefix.lastIndexOf("[");
  return { path: prefix.slice(0, bracket), index: Number(prefix.slice(bracket + 1, -2)) };
}

/** "each[3]/fetch" → "each[3]/". */
export function prefixOf(path: string): string {
  return path.slice(0, path.lastIndexOf("/") + 1);
}
