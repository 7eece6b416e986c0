import { readFileSync } from "node:fs";
import type { JsonObject } from "@millrace/contract";
import { TerminalError } from "@millrace/engine";
import type { SandboxCall, SandboxResult } from "@millrace/nodes";
import type { ServerSandbox } from "#sandbox/create-sandbox";

export type CallOptions = Partial<Omit<SandboxCall, "code" | "inputs">>;

export function runCode(sandbox: ServerSandbox, code: string, inputs: JsonObject = {}, options: CallOptions = {}): Promise<SandboxResult> {
  return sandbox.run({ language: "javascript", code, inputs, ...options });
}

/** The error of a call that must fail. */
export async function failureOf(call: Promise<SandboxResult>): Promise<TerminalError> {
  try {
    await call;
  } catch (error) {
    if (error instanceof TerminalError) return error;
    throw error;
  }
  throw new Error("the call did not fail");
}

/** Waits until something is true that a process outside this one makes true. */
export async function until(isTrue: () => boolean | Promise<boolean>, what: string): Promise<void> {
  const end = performance.now() + 20_000;
  while (!(await isTrue())) {
    if (performance.now() > end) throw new Error(`never happened: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

/** Whether a process with this id runs; one that has ended and was not collected yet does not. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return process.platform !== "linux" || !/^\d+ \(.*\) Z /.test(readFileSync(`/proc/${pid}/stat`, "utf8"));
  } catch {
    return false;
  }
}
