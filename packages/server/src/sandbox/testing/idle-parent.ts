// A server that uses the sandbox once. "end": it has nothing more to do and must end by itself. "close": it closes the sandbox first.
// "wait": it waits to be killed, with a call without end in one process and nothing in the other. "long": a long call and one after it, and
// then how far each process stands behind.
import { getPriority } from "node:os";
import { createSandbox } from "#sandbox/create-sandbox";

const sandbox = createSandbox({ poolSize: 2 });
const call = (code: string) => sandbox.run({ language: "javascript", code, inputs: {}, timeoutMs: 60_000 });
await Promise.all(Array.from({ length: 50 }, () => call("return 1")));
console.log(JSON.stringify(sandbox.pids()));
if (process.argv[2] === "close") {
  await sandbox.close();
  console.log("closed");
}
if (process.argv[2] === "long") {
  await call("const end = Date.now() + 2_000; while (Date.now() < end);");
  await call("return 1");
  console.log(JSON.stringify(sandbox.pids().map((pid) => [pid, getPriority(pid) - getPriority()])));
  await sandbox.close();
}
if (process.argv[2] === "wait") await call("for (;;);");
