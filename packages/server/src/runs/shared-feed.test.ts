import assert from "node:assert/strict";
import { test } from "node:test";
import { systemClock } from "#clock";
import type { Notice } from "#runs/notice";
import { SharedFeed } from "#runs/shared-feed";
import type { Word } from "#store/shared-store";
import { MovableClock } from "#testing/clock";

/** Processes whose words are heard by each other at once; `said` is all of them. */
class Processes {
  readonly #clock = new MovableClock();
  readonly #hearers: Array<(word: Word) => void> = [];
  readonly said: string[] = [];
  #ahead = 0;

  open(): { readonly feed: SharedFeed; readonly heard: string[] } {
    const heard: string[] = [];
    const own = this.#hearers.length;
    const shared = {
      say: (word: Word) => {
        if (word.kind === "changed") this.said.push(word.id);
        for (const [at, hearer] of this.#hearers.entries()) if (at !== own) hearer(word);
      },
      hear: (hearer: (word: Word) => void) => {
        this.#hearers.push(hearer);
        return () => undefined;
      },
      told: async () => undefined,
    };
    const { now, at, soon } = this.#clock;
    const clock = { now, at, soon, mono: () => systemClock.mono() + this.#ahead };
    const feed = new SharedFeed({ shared, clock, heard: ({ kind, id }: Notice) => void heard.push(`${kind} ${id}`) });
    return { feed, heard };
  }

  forward(ms: number): void {
    this.#ahead += ms;
    this.#clock.forward(ms);
  }
}

test("what changes is told to those that read, once for many times, and to nobody while nobody reads", () => {
  const processes = new Processes();
  const [reader, other, idle] = [processes.open(), processes.open(), processes.open()];
  other.feed.tell({ kind: "run", id: "unread" });
  processes.forward(5_000);
  assert.deepEqual(processes.said, []);
  void reader.feed.begin();
  processes.forward(200);
  for (const id of ["a", "b", "a"]) other.feed.tell({ kind: "run", id });
  other.feed.tell({ kind: "request", id: "tenant with a space" });
  processes.forward(200);
  assert.deepEqual(reader.heard, ["run b", "run a", "request tenant with a space"]);
  assert.deepEqual(idle.heard, []);
  other.feed.tell({ kind: "run", id: "c" });
  processes.forward(200);
  assert.deepEqual(reader.heard.slice(3), ["run c"]);
});

test("whoever begins to read is told of the last second, beside another one that has heard it", () => {
  const processes = new Processes();
  const [first, second, other] = [processes.open(), processes.open(), processes.open()];
  other.feed.tell({ kind: "run", id: "long ago" });
  processes.forward(1_500);
  void first.feed.begin();
  processes.forward(300);
  other.feed.tell({ kind: "run", id: "lately" });
  processes.forward(300);
  assert.deepEqual(first.heard, ["run lately"]);
  void second.feed.begin();
  processes.forward(300);
  assert.deepEqual(second.heard, ["run lately"]);
});

test("a process that reads says so again and again; one that is gone is told nothing more", () => {
  const processes = new Processes();
  const [reader, other] = [processes.open(), processes.open()];
  void reader.feed.begin();
  for (let second = 0; second < 5; second++) processes.forward(1_000);
  other.feed.tell({ kind: "run", id: "still read" });
  processes.forward(200);
  assert.deepEqual(processes.said, ["run still read"]);
  reader.feed.end();
  processes.forward(4_000);
  other.feed.tell({ kind: "run", id: "unread" });
  processes.forward(200);
  assert.deepEqual(processes.said, ["run still read"]);
});

test("where very much changes, the latest of it is told", () => {
  const processes = new Processes();
  const [reader, other] = [processes.open(), processes.open()];
  void reader.feed.begin();
  for (let n = 0; n < 600; n++) other.feed.tell({ kind: "run", id: String(n) });
  processes.forward(200);
  assert.deepEqual([reader.heard.length, reader.heard[0], reader.heard.at(-1)], [500, "run 100", "run 599"]);
});
