import { mkdirSync, readdirSync } from "node:fs";
import { connect } from "node:net";
import { join } from "node:path";
import { INSIDE_VARIABLE, type InsideReport } from "../hostile/inside.ts";
import { type Millrace, settingsFor, startMillrace, withDataDir } from "./millrace.ts";

export interface InsideView {
  readonly server: Millrace;
  /** What has become of the threads of the server's processes since the last look. */
  look(): Promise<InsideReport>;
}

/** A server that can be looked into, for as long as `use` takes. */
export function withInsideView<T>(more: { readonly [name: string]: string }, use: (view: InsideView) => Promise<T>): Promise<T> {
  return withDataDir(async (dataDir) => {
    const folder = join(dataDir, "inside");
    mkdirSync(folder);
    const preload = `--import=${new URL("../hostile/inside.ts", import.meta.url).href}`;
    const server = await startMillrace(settingsFor(dataDir, { NODE_OPTIONS: preload, [INSIDE_VARIABLE]: folder, ...more }));
    const look = async () => merged(await Promise.all(readdirSync(folder).map((name) => reportFrom(join(folder, name)))));
    // The first look says what the intrinsics are, and forgets what the start took.
    await look();
    try {
      return await use({ server, look });
    } finally {
      await server.end("SIGKILL");
    }
  });
}

/** Of all processes of the server. */
function merged(reports: readonly InsideReport[]): InsideReport {
  return { heldMs: Math.max(...reports.map(({ heldMs }) => heldMs)), intact: reports.every(({ intact }) => intact) };
}

function reportFrom(path: string): Promise<InsideReport> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    connect(path)
      .on("data", (chunk: Buffer) => chunks.push(chunk))
      .on("error", reject)
      .on("end", () => resolve(JSON.parse(Buffer.concat(chunks).toString("utf8")) as InsideReport));
  });
}
