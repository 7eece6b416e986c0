import assert from "node:assert/strict";
import { test } from "node:test";
import { Disk, type Fate } from "./disk.ts";
import { readTrace } from "./trace.ts";

const LOST: Fate = { name: "lost", data: () => "lost", entry: () => false };
const WHOLE: Fate = { name: "whole", data: () => "whole", entry: () => true };

const hex = (text: string): string => Array.from(Buffer.from(text), (byte) => `\\x${byte.toString(16).padStart(2, "0")}`).join("");
const open = (path: string): string => `7 openat(AT_FDCWD<${hex("/")}>, "${hex(path)}", O_RDWR|O_CREAT, 0600) = 3<${hex(path)}>`;
const write = (path: string, text: string): string => `7 write(3<${hex(path)}>, "${hex(text)}", ${text.length}) = ${text.length}`;
const sync = (path: string): string => `7 fsync(3<${hex(path)}>) = 0`;

/** What is left of the files below /d. */
function after(fate: Fate, ...lines: readonly string[]): { [path: string]: string | null } {
  const disk = new Disk();
  for (const operation of readTrace(lines.join("\n"), "/d", /-shm$/).operations) disk.take(operation);
  return Object.fromEntries([...disk.after(fate)].map(([path, content]) => [path, content === null ? null : content.toString()]));
}

test("K1, K2: a file needs a sync of its content and one of its folder, in whatever order", () => {
  const made = [open("/d/a"), write("/d/a", "one"), write("/d/a", "two")];
  assert.deepEqual(after(WHOLE, ...made), { "/d/a": "onetwo" });
  assert.deepEqual(after(LOST, ...made), {});
  assert.deepEqual(after(LOST, ...made, sync("/d/a")), {}, "no name");
  assert.deepEqual(after(LOST, ...made, sync("/d")), { "/d/a": "" }, "no content");
  assert.deepEqual(after(LOST, ...made, sync("/d"), sync("/d/a")), { "/d/a": "onetwo" });
});

test("a new name without a sync of its folder is the old one again", () => {
  const made = [open("/d/a.tmp"), write("/d/a.tmp", "one"), sync("/d/a.tmp"), sync("/d")];
  const renamed = [...made, `7 rename("${hex("/d/a.tmp")}", "${hex("/d/a")}") = 0`];
  assert.deepEqual(after(LOST, ...renamed), { "/d/a.tmp": "one" });
  assert.deepEqual(after(LOST, ...renamed, sync("/d")), { "/d/a": "one" });
});

test("what is in a folder whose name is lost is lost with it", () => {
  const made = [`7 mkdir("${hex("/d/f")}", 0700) = 0`, open("/d/f/a"), write("/d/f/a", "one"), sync("/d/f/a"), sync("/d/f")];
  assert.deepEqual(after(LOST, ...made), {});
  assert.deepEqual(after(LOST, ...made, sync("/d")), { "/d/f": null, "/d/f/a": "one" });
});

test("a sync that began before a write had ended does not cover it, and a failed call is none", () => {
  const [path, text] = ["/d/a", "one"];
  const overlapping = [
    open(path),
    sync("/d"),
    `7 write(3<${hex(path)}>, "${hex(text)}", 3 <unfinished ...>`,
    `8 fsync(3<${hex(path)}> <unfinished ...>`,
    "7 <... write resumed>) = 3",
    "8 <... fsync resumed>) = 0",
  ];
  assert.deepEqual(after(LOST, ...overlapping), { "/d/a": "" });
  assert.deepEqual(after(WHOLE, ...overlapping), { "/d/a": "one" });
  assert.deepEqual(after(LOST, open(path), write(path, text), sync("/d"), `7 fsync(3<${hex(path)}>) = -1 EIO (I/O error)`), { "/d/a": "" });
});

test("a call that the replay does not know stops it", () => {
  assert.throws(() => after(WHOLE, open("/d/a"), `7 fallocate(3<${hex("/d/a")}>, 0, 0, 9) = 0`), /fallocate/);
});
