import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { NOBODY, runsAsNobody } from "#nobody";
import type { Block } from "#parsing/blocks";
import type { ParsedFormat } from "#parsing/formats";
import { MAX_ANSWER_BYTES, MEMORY_WATCH_MS, PARSE_HEAP_BYTES, PARSE_MEMORY_BYTES, PARSE_TIMEOUT_MS } from "#parsing/limits";
import { readableFiles, workerFile } from "#parsing/locate";
import { ParseFailure } from "#parsing/parse-failure";
import type { ParseAnswer } from "#parsing/protocol";

const MIB = 1024 * 1024;
const PAGE_BYTES = 4_096;

export interface ProcessLimits {
  readonly timeoutMs?: number | null;
  readonly signal?: AbortSignal;
}

/**
 * What the process may do: read its own program, and nothing else. No file, no other process, no thread, no addon, no code from text.
 */
export function processOptions(): readonly string[] {
  return [
    "--permission",
    ...readableFiles().map((file) => `--allow-fs-read=${file}`),
    "--disallow-code-generation-from-strings",
    "--no-addons",
    "--no-warnings",
    `--max-old-space-size=${PARSE_HEAP_BYTES / MIB}`,
  ];
}

/**
 * Reads one file in a process of its own, which is gone afterwards: whatever a file brings about in it ends there.
 * @throws ParseFailure where the file cannot be read; the signal's reason where that is aborted.
 */
export async function parseInProcess(format: ParsedFormat, content: Uint8Array, limits: ProcessLimits): Promise<readonly Block[]> {
  const { timeoutMs, signal } = limits;
  const child = spawn(process.execPath, [...processOptions(), workerFile(), format], {
    cwd: tmpdir(),
    env: {},
    stdio: ["pipe", "pipe", "ignore"],
    windowsHide: true,
    ...(runsAsNobody([workerFile()]) ? NOBODY : {}),
  });
  let verdict: Error | null = null;
  const end = (error: Error) => {
    verdict ??= error;
    child.kill("SIGKILL");
  };
  const allowedMs = Math.min(timeoutMs ?? PARSE_TIMEOUT_MS, PARSE_TIMEOUT_MS);
  const timer = setTimeout(() => end(new ParseFailure(`reading it took longer than ${allowedMs} ms`)), allowedMs);
  const watch = setInterval(() => {
    if (residentBytes(child.pid) > PARSE_MEMORY_BYTES)
      end(new ParseFailure(`reading it takes more than ${PARSE_MEMORY_BYTES / MIB} MiB of memory`));
  }, MEMORY_WATCH_MS);
  const abort = () => end(signal?.reason instanceof Error ? signal.reason : new Error("cancelled"));
  signal?.addEventListener("abort", abort, { once: true });
  try {
    const chunks: Buffer[] = [];
    let length = 0;
    child.stdout?.on("data", (chunk: Buffer) => {
      length += chunk.length;
      if (length > MAX_ANSWER_BYTES) end(new ParseFailure(`it says more than ${MAX_ANSWER_BYTES / MIB} MiB`));
      else chunks.push(chunk);
    });
    // A process that ended has no need of the rest.
    child.stdin?.on("error", () => {});
    child.stdin?.end(content);
    const status = await new Promise<number | null>((resolve, reject) => {
      child.once("error", reject);
      child.once("close", resolve);
    });
    if (verdict) throw verdict;
    if (status !== 0) throw new ParseFailure(`reading it takes more than ${PARSE_HEAP_BYTES / MIB} MiB of memory, or it is damaged`);
    return blocksOf(JSON.parse(Buffer.concat(chunks).toString("utf8")) as ParseAnswer);
  } finally {
    clearTimeout(timer);
    clearInterval(watch);
    signal?.removeEventListener("abort", abort);
  }
}

function blocksOf(answer: ParseAnswer): readonly Block[] {
  if ("reason" in answer) throw new ParseFailure(answer.reason);
  return answer.blocks;
}

/** Memory of a process, where the system tells; else 0. */
function residentBytes(pid: number | undefined): number {
  if (process.platform !== "linux" || pid === undefined) return 0;
  try {
    return Number(readFileSync(`/proc/${pid}/statm`, "latin1").split(" ")[1]) * PAGE_BYTES;
  } catch {
    return 0;
  }
}
