import { spawn } from "node:child_process";
import { chmodSync, cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { delimiter, dirname, join, resolve } from "node:path";
import { freshBundle } from "../build/server-bundle.ts";
import { type Block, type Finding, fileOf } from "./blocks.ts";
import { expectedOf, missingFrom, outputsOf, pageScript } from "./page-script.ts";

/** The bundle starts in half of the time. */
const MAIN = freshBundle() ?? resolve("packages/server/src/cli/main.ts");

/** Of a page, in all. */
const TIMEOUT_MS = 120_000;

/** Ports of the pages; each becomes a free one, so that pages run beside each other and beside a server that is there. */
const PORTS = ["7788", "4700", "3000"];

/** Lines of output that are told where a block fails. */
const TOLD = 15;

/**
 * Runs the shell blocks of a page as a reader would paste them, in a folder of their own: of an example's page, a copy of the example. `files` are the blocks
 * that stand for files of it.
 */
export async function runShell(page: string, blocks: readonly Block[], files: readonly Block[] = []): Promise<readonly Finding[]> {
  const folder = mkdtempSync(join(tmpdir(), "millrace-page-"));
  try {
    const work = join(folder, "work");
    if (page.startsWith("examples/")) cpSync(dirname(page), work, { recursive: true });
    for (const name of ["work", "home", "bin", "logs"]) mkdirSync(join(folder, name), { recursive: true });
    writeCommands(join(folder, "bin"));
    for (const file of files) writeFile(join(work, fileOf(file) ?? ""), file.text);
    const ports = await freePorts();
    const script = ports.reduce((text, port, at) => text.replaceAll(PORTS[at] ?? "", String(port)), pageScript(blocks));
    const environment = {
      PATH: [join(folder, "bin"), process.env["PATH"]].join(delimiter),
      HOME: join(folder, "home"),
      LOGS: join(folder, "logs"),
      NODE_COMPILE_CACHE: join(tmpdir(), "millrace-doc-pages"),
      MILLRACE_PORT: String(ports[0]),
      MILLRACE_ENDPOINT: `http://127.0.0.1:${ports[0]}`,
    };
    return findingsOf(blocks, await bash(script, work, environment));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function writeFile(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}

/** `millrace` and `npx millrace` are what is made of these sources. */
function writeCommands(folder: string): void {
  const millrace = `#!/bin/sh\nexec "${process.execPath}" --disable-warning=ExperimentalWarning "${MAIN}" "$@"\n`;
  const npx = `#!/bin/sh\n[ "$1" = --yes ] && shift\n[ "$1" = millrace ] || { echo "npx $1: only millrace is here"; exit 1; }\nexec "$@"\n`;
  for (const [name, text] of Object.entries({ millrace, npx })) {
    writeFileSync(join(folder, name), text);
    chmodSync(join(folder, name), 0o755);
  }
}

function freePorts(): Promise<readonly number[]> {
  return Promise.all(
    PORTS.map(
      () =>
        new Promise<number>((resolvePort) => {
          const server = createServer().listen(0, "127.0.0.1", () => {
            const address = server.address();
            server.close(() => resolvePort(typeof address === "object" ? (address?.port ?? 0) : 0));
          });
        }),
    ),
  );
}

interface Ended {
  readonly code: number | null;
  readonly output: string;
}

/** In a process group of its own: what it leaves behind when the time is over ends with it. */
function bash(script: string, cwd: string, env: NodeJS.ProcessEnv): Promise<Ended> {
  const child = spawn("bash", ["-c", script], { cwd, env, detached: true, stdio: ["ignore", "pipe", "pipe"] });
  const timer = setTimeout(() => {
    if (child.pid !== undefined) process.kill(-child.pid, "SIGTERM");
  }, TIMEOUT_MS);
  const chunks: string[] = [];
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding("utf8").on("data", (text: string) => chunks.push(text));
  return new Promise((resolveEnd, reject) => {
    child.once("error", reject);
    child.once("close", (code) => {
      clearTimeout(timer);
      resolveEnd({ code, output: chunks.join("") });
    });
  });
}

function findingsOf(blocks: readonly Block[], { code, output }: Ended): readonly Finding[] {
  const outputs = outputsOf(output);
  const missing = blocks.flatMap((block) => {
    const text = missingFrom(outputs.get(block.line) ?? "", expectedOf(block));
    return text === undefined ? [] : [{ page: block.page, line: block.line, message: `does not print "${text}"` }];
  });
  const [first] = missing;
  const lastLine = [...outputs.keys()].at(-1) ?? blocks[0]?.line ?? 1;
  const failed = code === 0 ? [] : [{ page: blocks[0]?.page ?? "", line: lastLine, message: `fails with ${code ?? "the time limit"}` }];
  const told = failed[0] ?? first;
  if (told === undefined) return [];
  const tail = (outputs.get(told.line) ?? output).trimEnd().split("\n").slice(-TOLD).join("\n    ");
  return [{ ...told, message: `${told.message}\n    ${tail}` }, ...missing.filter(({ line }) => line !== told.line && line < lastLine)];
}
