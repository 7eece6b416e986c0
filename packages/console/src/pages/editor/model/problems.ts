import { fromPointer, type Words, type WorkflowDocument } from "@millrace/contract";
import { type Problem, plan } from "@millrace/engine";
import { nodeSpecs } from "@millrace/nodes/specs";

/** One row of the list: a fault, the node that it belongs to, and the way from there to the value. */
export interface FoundProblem extends Problem {
  /** Members and indexes below the node, or below the document where there is no node. */
  readonly field: readonly string[];
}

export interface DocumentProblems {
  readonly list: readonly FoundProblem[];
  readonly errors: number;
  readonly byNode: ReadonlyMap<string, readonly FoundProblem[]>;
}

const NO_PROBLEMS: DocumentProblems = { list: [], errors: 0, byNode: new Map() };

/**
 * Every fault of a document: what publishing would say.
 * @param before those of the document as it was: what of them is the same is the same object, and need not be drawn anew
 * @param words of the language that they are told in; absent: English
 */
export function problemsOf(document: WorkflowDocument, before: DocumentProblems = NO_PROBLEMS, words?: Words): DocumentProblems {
  const list = plan(document, nodeSpecs, words && { words }).problems.map((problem) => located(document, problem));
  const byNode = new Map<string, FoundProblem[]>();
  for (const problem of list) {
    if (problem.nodeId === undefined) continue;
    const own = byNode.get(problem.nodeId);
    if (own) own.push(problem);
    else byNode.set(problem.nodeId, [problem]);
  }
  if (isSame(list, before.list)) return before;
  const shared = [...byNode].map(([id, own]) => [id, keptProblems(before.byNode.get(id), own)] as const);
  return { list, errors: list.filter(({ level }) => level === "error").length, byNode: new Map(shared) };
}

function keptProblems(before: readonly FoundProblem[] | undefined, now: readonly FoundProblem[]): readonly FoundProblem[] {
  return before && isSame(before, now) ? before : now;
}

function isSame(left: readonly FoundProblem[], right: readonly FoundProblem[]): boolean {
  return left.length === right.length && JSON.stringify(left) === JSON.stringify(right);
}

interface Holder {
  readonly [name: string]: unknown;
}

/** Follows the pointer through nodes and bodies as far as it leads through them. */
function located(document: WorkflowDocument, problem: Problem): FoundProblem {
  const steps = fromPointer(problem.path);
  let holder: Holder = document as unknown as Holder;
  let nodeId: string | undefined;
  let at = 0;
  while (steps[at] === "nodes") {
    const node = (holder["nodes"] as readonly Holder[] | undefined)?.[Number(steps[at + 1])];
    if (typeof node?.["id"] !== "string") break;
    nodeId = node["id"];
    at += 2;
    holder = node;
    if (steps[at] === "body" && steps[at + 1] === "nodes") {
      holder = node["body"] as Holder;
      at += 1;
    }
  }
  const owner = problem.nodeId ?? nodeId;
  return { ...problem, ...(owner !== undefined && { nodeId: owner }), field: steps.slice(at) };
}

/** Is the problem of this value, or of something within it? */
export function isWithin(problem: FoundProblem, path: readonly (string | number)[]): boolean {
  return path.every((step, index) => problem.field[index] === String(step));
}

/** Those that lie at a place within the text, as a field marks them. */
export function marksOf(problems: readonly FoundProblem[]) {
  return problems.flatMap(({ start, end, message, level }) =>
    start === undefined || end === undefined ? [] : [{ start, end, message, level }],
  );
}
