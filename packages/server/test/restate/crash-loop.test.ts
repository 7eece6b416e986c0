import assert from "node:assert/strict";
import { after, afterEach, before, describe, test } from "node:test";
import type { JsonObject } from "@millrace/contract";
import type { TestServer } from "#testing/server";
import { document, start } from "#testing/workflows";
import { Project, type Running } from "../cli/harness.ts";
import { type Gate, openGate } from "../postgres/harness.ts";
import { ended, healthy, RestateHouse, skip } from "./house.ts";

// Runs that their workers die of, on a Restate server that begins the next life of each run wherever a worker is, for ever.

/** The first death of a run is nobody's; five that are counted end it. */
const DEATHS = 6;

/** An innocent call takes longer than a worker lives beside the culprit. */
const ANSWER_MS = 1_000;

/** Has come long before the engine has recorded it: it is put into the store before. */
const LARGE_ANSWER = "ok".repeat(1_500_000);

const INNOCENTS = 3;

describe("workers that die of a run", { skip, timeout: 240_000 }, () => {
  const house = new RestateHouse();
  const project = new Project();
  const workerPort = 18_100 + (process.pid % 900);
  let gate: Gate;
  /** Answers, and hosts nothing. */
  let api: TestServer;
  let apiOwner: string;
  let worker: Running | null = null;
  let deaths = 0;
  /** More workers have died than were to. */
  let tooMany: () => void = () => undefined;

  before(async () => {
    [gate] = await Promise.all([openGate(), house.open()]);
    api = await house.server({ role: "api" });
    [apiOwner = ""] = await house.sql<{ owner: string }>("SELECT owner FROM workers").then((rows) => rows.map(({ owner }) => owner));
  });
  afterEach(async () => {
    const last = worker;
    worker = null;
    await last?.end("SIGTERM");
  });
  after(async () => {
    await gate?.close();
    await house.close();
    await project.dispose();
  });

  /** A worker, and whenever it dies by itself the next one at the same address, as a supervisor would. */
  function supervise(failpoints: string): void {
    const running = project.start(["start", "--role", "worker", "--port", "0"], {
      sources: true,
      env: { ...house.workerVariables(workerPort), ...(failpoints !== "" && { MILLRACE_FAILPOINTS: failpoints }) },
    });
    worker = running;
    void running.ended.then(async () => {
      if (worker !== running) return;
      deaths += 1;
      if (deaths > DEATHS) return tooMany();
      // As its lease does after a while.
      await house.sql("DELETE FROM workers WHERE owner <> $1", apiOwner);
      supervise(failpoints);
    });
  }

  function calling(name: string, node: string): JsonObject {
    const call = { id: node, type: "http", request: { method: "POST", url: gate.url, body: { json: {} } } };
    return document(name, [start({}), call, { id: "end", type: "end", output: {} }], [`start -> ${node}`, `${node} -> end`]);
  }

  async function begin(key: string): Promise<string> {
    const { json, text } = await api.invoke(key, { input: {}, isAsync: true });
    assert.equal(typeof json["workflowRunId"], "string", text);
    return String(json["workflowRunId"]);
  }

  test("a run that kills its worker again and again ends FAILED with crash_loop; those beside it end well", async (t) => {
    const { key } = await api.publish(calling("innocent", "call"));
    const { key: deadly } = await api.publish(calling("deadly", "poison"));
    supervise("effect.beforeSend[poison]:kill");
    await healthy(api);
    const innocents: string[] = [];
    while (innocents.length < INNOCENTS) innocents.push(await begin(key));
    for (let held = 0; held < INNOCENTS; held++) await gate.asked();
    const answering = answerAll();
    const culprit = await begin(deadly);
    const { json, text } = await Promise.race([ended(api, deadly, culprit), beyond()]);
    const { type, code, message } = json["error"] as JsonObject;
    assert.deepEqual([json["status"], type, code], ["FAILED", "crash_loop", 50000], text);
    assert.match(String(message), /poison/);
    assert.equal(deaths, DEATHS);
    const entries = await api.app.store.runs.journal("default", culprit);
    assert.ok(entries.some((entry) => entry.type === "node-started" && entry.path === "poison"));
    for (const run of innocents) {
      const end = await ended(api, key, run);
      assert.equal(end.json["status"], "SUCCEED", end.text);
    }
    answering.stop();
    t.diagnostic(`${deaths} deaths, then stable; ${INNOCENTS} of ${INNOCENTS} innocent runs ended well`);
  });

  /** Rejects where more workers die than are to. */
  function beyond(): Promise<never> {
    return new Promise((_, reject) => {
      tooMany = () => reject(new Error(`${deaths} workers died`));
    });
  }

  /** Each call after its time; those of workers that are gone are answered to nobody. */
  function answerAll(): { stop(): void } {
    let isStopped = false;
    const answer = async (): Promise<void> => {
      while (!isStopped) {
        const asked = await gate.asked();
        setTimeout(() => asked.answer(LARGE_ANSWER), ANSWER_MS);
      }
    };
    void answer();
    return {
      stop: () => {
        isStopped = true;
      },
    };
  }
});
