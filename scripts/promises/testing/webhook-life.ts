import { appendFileSync, readFileSync } from "node:fs";
import type { TestServer } from "../../../packages/server/src/testing/server.ts";
import type { StandingClock } from "../../../packages/server/src/testing/standing-clock.ts";
import { echo } from "../harness/documents.ts";
import { until } from "../harness/until.ts";
import { KINDS, type Kind } from "../webhooks/kinds.ts";
import type { DeliveredRun, Each, LifeOptions, LifeReport } from "../webhooks/life.ts";

// One life of a server whose time is moved here: `node webhook-life.ts OPTIONS`, JSON. The first accepts the runs and then kills itself; a later
// one goes from one due time to the next until nothing is due, and prints what became of every delivery, or dies at its failpoint.

type Modules = typeof import("../../../packages/server/src/testing/server.ts") &
  typeof import("../../../packages/server/src/testing/standing-clock.ts");

const options = JSON.parse(process.argv[2] ?? "{}") as LifeOptions;
// By its folder, so that a copy with a planted bug goes through exactly the same.
const parts = await Promise.all(["server", "standing-clock"].map((name) => import(`${options.folder}/src/testing/${name}.ts`)));
const { startTestServer, standingClock } = Object.assign({}, ...parts) as Modules;

/** At once, of all workflows; more than the dispatcher has places for one of them. */
const WORKFLOWS = 8;
/** Of a server that never comes to an end. */
const MAX_MOVES = 3_000;

const TENANT = "default";
const clock = standingClock(moves().at(-1) ?? options.startAt);
const server = await startTestServer({
  dataDir: options.dataDir,
  settings: { egressAllow: "127.0.0.1", ...options.database },
  surroundings: { clock, webhooks: { timeoutMs: options.timeoutMs } },
});
if (options.each) await acceptRuns(server, options.each, options);
else {
  await untilNothingIsDue(server, clock);
  process.stdout.write(JSON.stringify(await reportOf(server)), () => process.exit(0));
}

async function acceptRuns({ publish, invoke }: TestServer, each: Each, { port, downPort }: LifeOptions): Promise<void> {
  const workflows = await Promise.all(Array.from({ length: WORKFLOWS }, (_, n) => publish(echo(`notifies${n}`))));
  for (const [n, kind] of kindsInTurn(each).entries()) {
    const to = kind.isDownAtFirst ? downPort : port;
    const webhook = [
      { method: kind.method ?? "POST", url: `http://127.0.0.1:${to}/${kind.name}/${kind.endpoints ? n % kind.endpoints : n}` },
    ];
    const { status, text } = await invoke(workflows[n % WORKFLOWS]?.key ?? "", { input: { value: n }, isAsync: true, webhook });
    if (status !== 200) throw new Error(`${status} ${text}`);
  }
  process.kill(process.pid, "SIGKILL");
}

function kindsInTurn({ quick, hanging }: Each): Kind[] {
  return Array.from({ length: quick }, (_, turn) => KINDS.filter(({ hangs }) => !hangs || turn < hanging)).flat();
}

async function untilNothingIsDue({ app }: TestServer, { now, moveTo }: StandingClock): Promise<void> {
  // Those that the life before has left are here once its lease is over.
  await until("the runs to end", async () => (await app.store.runs.countUnfinished()) === 0);
  for (let moved = 0; moved < MAX_MOVES; moved++) {
    await nothingUnderWay(app, now());
    const next = await app.store.webhooks.nextDueAt(now());
    if (next === null) return;
    const to = next + stepAt(next - options.startAt);
    appendFileSync(options.clockFile, `${to}\n`);
    moveTo(to);
  }
}

/** Several that fall due soon after another are woken together: later than they must by half of what jitter may add. */
function stepAt(passedMs: number): number {
  return Math.min(Math.max(Math.floor(passedMs / 20), 250), 1_800_000);
}

/** What is under way is still due. */
async function nothingUnderWay({ store }: TestServer["app"], at: number): Promise<void> {
  while ((await store.webhooks.dueLanes(at)).length > 0) {
    await new Promise<void>((resolve) => {
      const stop = store.watch(() => {
        stop();
        resolve();
      });
    });
  }
}

async function reportOf({ app, call }: TestServer): Promise<LifeReport> {
  const { key: admin } = await app.apiKeys.create(TENANT, { scopes: ["admin"] });
  const secrets: { [workflowId: string]: string } = {};
  const keys: { [workflowId: string]: string } = {};
  const runs: DeliveredRun[] = [];
  for (const row of await app.store.webhooks.list(TENANT, { limit: 1_000_000 })) {
    const { workflowId, runId, url, state } = row;
    if (!keys[workflowId]) {
      keys[workflowId] = (await app.apiKeys.create(TENANT, { workflows: [workflowId], scopes: ["query"] })).key;
      const { json } = await call("GET", `/api/v1/workflows/${workflowId}/webhook-secret`, { key: admin });
      secrets[workflowId] = String(json["secret"]);
    }
    const { text: body } = await call("POST", "/v1/workflow/query/result", { key: keys[workflowId], body: { workflowRunId: runId } });
    const attempts = (await app.store.webhooks.attempts(row)).map(({ startedAt, endedAt }) => ({ startedAt, endedAt }));
    runs.push({ runId, workflowId, url, state, body, attempts });
  }
  return { runs, secrets, moves: [options.startAt, ...moves()] };
}

/** Every time that the clock was moved to, over all lives. */
function moves(): number[] {
  return readFileSync(options.clockFile, "utf8").split("\n").filter(Boolean).map(Number);
}
