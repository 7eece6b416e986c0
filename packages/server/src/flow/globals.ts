import { ANY, STRING } from "@millrace/engine";
import { type Expression, member } from "#flow/expression";

/** `sys.*`: what a run knows about itself. The vendor's agent is the workflow. */
const GLOBALS: ReadonlyMap<string, string> = new Map([
  ["user_id", "run.userId"],
  ["agent_id", "workflow.id"],
  ["workflow_id", "workflow.id"],
  ["workflow_run_id", "run.id"],
  ["workflow_version", "workflow.version"],
]);

/** `sys.user_id` or `sys_user_id`; null where there is no such value. */
export function globalValue(name: string): Expression | null {
  const code = /^sys[._]/.test(name) ? GLOBALS.get(name.slice("sys.".length)) : undefined;
  return code === undefined ? null : { code, type: STRING };
}

export function envValue(name: string): Expression {
  return { code: member("env", name), type: ANY };
}
