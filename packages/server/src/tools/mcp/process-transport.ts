import { type ChildProcess, spawn } from "node:child_process";
import { tmpdir } from "node:os";
import { ReadBuffer, serializeMessage } from "@modelcontextprotocol/sdk/shared/stdio.js";
import type { Transport } from "@modelcontextprotocol/sdk/shared/transport.js";
import type { JSONRPCMessage } from "@modelcontextprotocol/sdk/types.js";
import { MAX_ANSWER_BYTES } from "#tools/limits";

const SAID_CHARACTERS = 2_000;

/** A server in a process of its own: it gets nothing of this one's environment but where programs are, and ends with all that it started. */
export class ProcessTransport implements Transport {
  readonly #command: readonly string[];
  readonly #buffer = new ReadBuffer({ maxBufferSize: MAX_ANSWER_BYTES });
  #child: ChildProcess | null = null;
  #said = "";
  onclose?: () => void;
  onerror?: (error: Error) => void;
  onmessage?: (message: JSONRPCMessage) => void;

  constructor(command: readonly string[]) {
    this.#command = command;
  }

  /** The last that it said on stderr. */
  get said(): string {
    return this.#said.trim();
  }

  start(): Promise<void> {
    const [program = "", ...given] = this.#command;
    const path = process.env["PATH"];
    const child = spawn(program, given, {
      cwd: tmpdir(),
      env: path === undefined ? {} : { PATH: path },
      stdio: ["pipe", "pipe", "pipe"],
      windowsHide: true,
      // A group of its own, so that what it starts ends with it.
      detached: process.platform !== "win32",
    });
    this.#child = child;
    child.stdin.on("error", () => undefined);
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      this.#said = (this.#said + text).slice(-SAID_CHARACTERS);
    });
    child.stdout.on("data", (chunk: Buffer) => this.#read(chunk));
    child.once("close", () => this.onclose?.());
    return new Promise((resolve, reject) => {
      child.once("spawn", resolve);
      child.once("error", reject);
    });
  }

  send(message: JSONRPCMessage): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#child?.stdin?.write(serializeMessage(message), (error) => (error ? reject(error) : resolve()));
    });
  }

  async close(): Promise<void> {
    const pid = this.#child?.pid;
    if (pid === undefined) return;
    this.#child = null;
    try {
      process.kill(process.platform === "win32" ? pid : -pid, "SIGKILL");
    } catch {
      // It is gone already, with its group.
    }
  }

  #read(chunk: Buffer): void {
    try {
      this.#buffer.append(chunk);
      for (let message = this.#buffer.readMessage(); message; message = this.#buffer.readMessage()) this.onmessage?.(message);
    } catch (error) {
      this.onerror?.(error as Error);
      void this.close();
    }
  }
}
