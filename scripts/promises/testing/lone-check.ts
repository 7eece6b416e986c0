import { spawn } from "node:child_process";

// A check as the frame starts one, for its own tests: `node lone-check.ts ID`. "kept" sends its result, "dies" ends without one, and any other
// starts a process that goes on for ever, says which, and goes on itself.

const [id = ""] = process.argv.slice(2);
const result = { id, property: `${id} holds`, ok: true, text: "0 lost of 1 things", figure: null, faults: [], durationMs: 1, cpuMs: 20 };
if (id === "kept") process.send?.(result);
else if (id === "dies") process.exitCode = 3;
else {
  const forever = ["-e", "setInterval(() => {}, 1_000)"];
  process.stdout.write(`${spawn(process.execPath, forever, { stdio: "ignore" }).pid}\n`);
  setInterval(() => {}, 1_000);
}
