import { FLOW_CODES, type FlowCode } from "#flow/codes";

/** One thing that is wrong with a file: where (`$.workflow.workflowNodes[0].id`), and for people why and what to do. */
export interface FlowProblem {
  readonly code: FlowCode;
  readonly path: string;
  readonly message: string;
  /** The vendor's id of the node that it is about. */
  readonly nodeId?: string;
}

/** What has been found so far; nothing is thrown, so that one answer names everything. */
export class FlowProblems {
  readonly faults: FlowProblem[] = [];
  readonly warnings: FlowProblem[] = [];
  readonly #seen = new Set<string>();

  /** Adds a problem at the level that its code has on import. */
  add(code: FlowCode, path: string, message: string, nodeId?: string): void {
    if (FLOW_CODES[code].import === "fault") this.faults.push(problem(code, path, message, nodeId));
    else this.warn(code, path, message, nodeId);
  }

  /** Adds a warning, whatever the level of its code. The same one twice (a value that two outputs use) is one. */
  warn(code: FlowCode, path: string, message: string, nodeId?: string): void {
    const key = `${code}\n${path}\n${message}`;
    if (this.#seen.has(key)) return;
    this.#seen.add(key);
    this.warnings.push(problem(code, path, message, nodeId));
  }

  get failed(): boolean {
    return this.faults.length > 0;
  }
}

function problem(code: FlowCode, path: string, message: string, nodeId: string | undefined): FlowProblem {
  return nodeId === undefined ? { code, path, message } : { code, path, message, nodeId };
}

/** Characters of a foreign text that a message repeats. */
const MAX_QUOTED_CHARS = 80;

export function quote(text: string): string {
  return JSON.stringify(text.length > MAX_QUOTED_CHARS ? `${text.slice(0, MAX_QUOTED_CHARS)}…` : text);
}
