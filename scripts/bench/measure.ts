import { performance } from "node:perf_hooks";
import { type LoadResult, load, postRequest } from "./load.ts";
import type { Millrace } from "./millrace.ts";
import type { ServerProcess } from "./process.ts";

/** The input of a run of 1 KB. */
export const KILOBYTE = { name: "x".repeat(980) };

/** Long enough to be steady, short enough that two in turn meet the same weather. */
const ROUND_MS = 3_000;

export function invokeRequest(server: Pick<Millrace, "keys">, workflow: string, input: object, isAsync = false): Buffer {
  return postRequest("/v1/workflow/invoke", JSON.stringify({ input, ...(isAsync && { isAsync }) }), {
    Authorization: `Bearer ${server.keys[workflow]}`,
  });
}

export interface Measured extends LoadResult {
  readonly cpuPerAnswer: number;
}

/** One request on each connection, again and again. Throws where any answer fails. */
export async function measure(server: ServerProcess, request: Buffer, connections: number, durationMs = ROUND_MS): Promise<Measured> {
  const before = server.cpuMicros();
  const result = await load({ port: server.port, connections, durationMs, request });
  if (result.failures > 0) throw new Error(`${result.failures} of ${result.answers} answers failed: ${result.lastBody.slice(0, 300)}`);
  return { ...result, cpuPerAnswer: (server.cpuMicros() - before) / result.answers };
}

/** One request, alone. */
export async function timed(server: ServerProcess, request: Buffer): Promise<{ ms: number; body: string }> {
  const began = performance.now();
  const result = await load({ port: server.port, connections: 1, durationMs: 0, request });
  if (result.failures > 0) throw new Error(result.lastBody.slice(0, 300));
  return { ms: performance.now() - began, body: result.lastBody };
}
