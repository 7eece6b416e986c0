import { spawnSync } from "node:child_process";

/** Why system calls cannot be traced here; null: they can. */
export function straceProblem(): string | null {
  if (process.platform !== "linux") return `strace needs linux, this is ${process.platform}`;
  const { status, error, stderr } = spawnSync("strace", ["-f", "-qq", "-o", "/dev/null", "-e", "trace=openat", "true"], {
    encoding: "utf8",
  });
  if (error) return "strace is not installed (Debian: apt-get install strace)";
  return status === 0 ? null : `strace may not trace here: ${stderr.trim()}`;
}

/** Some calls of Node would otherwise go through a ring that no tracer sees. */
export const TRACEABLE = { UV_USE_IO_URING: "0" } as const;
