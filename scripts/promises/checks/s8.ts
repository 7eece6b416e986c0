import { execFile } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { gunzipSync } from "node:zlib";
import { allRows, type Row, withDatabase } from "../forms/database.ts";
import { FORM } from "../forms/forms.ts";
import { type Check, type Effort, Tally } from "../frame/check.ts";
import { type Echo, startEcho } from "../harness/echo.ts";
import { ADMIN_KEY, type Millrace, settingsFor, startMillrace, withDataDir } from "../harness/millrace.ts";
import { type PlantedBug, withPlantedServer } from "../harness/plant.ts";
import { PLANTED_LEAKS } from "../harness/planted-leaks.ts";
import { eachAtOnce, INVOKE, query, runIdOf, terminalAnswer } from "../harness/runs.ts";
import {
  ASKED,
  askingWorkflow,
  isModel,
  putSecret,
  SAID_PATH,
  secretWays,
  type Way,
  wanderingWorkflow,
  workflowOf,
} from "../harness/secret-ways.ts";
import { type Environment, programOf, SERVER } from "../harness/server-process.ts";
import { spellingsOf } from "../harness/spellings.ts";
import { until } from "../harness/until.ts";

/** What becomes of a request. */
const FATES = ["/ok", "/text", "/binary", "/status/401", "/status/503", "/hangs-up", "/redirect/302?to=/ok"];

/** Workflows that use several things at once, and the secrets of theirs that the service says. */
const LAST = [
  { place: "wandering", workflow: wanderingWorkflow, secrets: ["query"] },
  { place: "asking", workflow: askingWorkflow, secrets: ["header", "connection_header", "model_says"] },
];

const ROUNDS = { change: 1, long: 40 };
const CORES = 2;

export const s8: Check = {
  id: "S8",
  property:
    "A secret appears nowhere but at the service that it is for: not in answers, errors, events, journals, logs, traces, deliveries, files or backups",
  waits: true,
  run: async (effort) => {
    const sound = await leaksOf(SERVER, effort.long ? ROUNDS.long : ROUNDS.change, effort);
    const planted = new Tally();
    await eachAtOnce(plantedFor(effort), CORES, async (bug) => planted.add(await missed(bug, effort)));
    return {
      counts: [
        sound.places.count("with a hit", "places"),
        sound.sent.count("that did not reach their service", "canaries"),
        planted.count("not found", "planted leaks"),
      ],
      facts: { "bytes searched": sound.bytes },
      failures: [...sound.places.failures, ...sound.sent.failures, ...planted.failures],
    };
  },
};

/** Per change some of them, others another day. */
function plantedFor({ long, seed }: Effort): readonly PlantedBug[] {
  return long ? PLANTED_LEAKS : [0, 1, 2].flatMap((n) => PLANTED_LEAKS[(seed + n * 2) % PLANTED_LEAKS.length] ?? []);
}

async function missed(bug: PlantedBug, effort: Effort): Promise<string | null> {
  return withPlantedServer([bug], async (copy) => {
    const { places } = await leaksOf(copy, 1, effort);
    return places.failed > 0 ? null : `not found: ${bug.name}`;
  });
}

interface Search {
  readonly places: Tally;
  readonly sent: Tally;
  readonly bytes: number;
}

/** The server of this folder, everything that it shows and keeps of runs that use secrets, searched for them. */
function leaksOf(folder: string, rounds: number, { seed }: Effort): Promise<Search> {
  return withDataDir(async (dataDir) => {
    const canaries: Way[] = [];
    const said: string[] = [];
    // A model knows its own key: of other secrets it hears where it is told, and that is what is looked for.
    const service = await startEcho((kind) => (kind === "chat" ? said.filter((value) => value.startsWith("sk-model_")) : said));
    const hooks = await startEcho();
    const collector = await startEcho();
    const allow = `127.0.0.1:${service.port},127.0.0.1:${hooks.port}`;
    const watched = { MILLRACE_LOG_LEVEL: "debug", OTEL_EXPORTER_OTLP_ENDPOINT: collector.origin };
    const environment = settingsFor(dataDir, { MILLRACE_EGRESS_ALLOW: allow, ...watched });
    const server = await startMillrace(environment, { server: folder, quiet: true });
    const shown = new Map<string, string>();
    try {
      for (let round = 0; round < rounds; round++) {
        canaries.splice(0, canaries.length, ...secretWays((seed % 100_000) + round));
        await exercise(server, { ways: canaries, service, said, hooks, shown: (place, text) => void shown.set(`${place} ${round}`, text) });
      }
      await commands(folder, environment, dataDir, shown);
    } finally {
      await server.end("SIGTERM");
    }
    shown.set("log", server.log.join("\n"));
    shown.set("webhooks", hooks.received.join("\n"));
    // The lines behind a request's first two are its body: a credential goes in neither.
    const bodies = service.received.map((text) => text.split("\n")).map(([line = "", , ...body]) => ({ line, body: body.join("\n") }));
    shown.set("what models were asked", bodies.flatMap(({ body }) => (body.includes(ASKED) ? [body] : [])).join("\n"));
    shown.set("what became of what models said", bodies.flatMap(({ line, body }) => (line.includes(SAID_PATH) ? [body] : [])).join("\n"));
    shown.set("traces", collector.received.join("\n"));
    for (const [file, text] of filesOf(dataDir)) shown.set(file, text);
    for (const [n, { table, row }] of (await withDatabase(dataDir, allRows)).entries()) shown.set(`row ${n}, of ${table}`, textOf(row));
    await Promise.all([service.close(), hooks.close(), collector.close()]);
    return search(shown, canaries, service);
  });
}

interface Exercise {
  readonly ways: readonly Way[];
  readonly service: Echo;
  /** What the service says, asked or not: the secrets of the workflow that runs. */
  readonly said: string[];
  readonly hooks: Echo;
  shown(place: string, text: string): void;
}

async function exercise(server: Millrace, { ways, service, said, hooks, shown }: Exercise): Promise<void> {
  for (const way of ways) await putSecret(server, way, service.origin);
  for (const way of ways) {
    said.splice(0, said.length, way.value);
    const { key } = await server.publish(workflowOf(way, service.origin));
    const denied = way.name.startsWith("connection") ? ["http://127.0.0.1:9/x"] : [];
    await eachAtOnce(isModel(way) ? [""] : [...FATES, ...denied], 4, (path) =>
      followed(server, key, { path }, { hooks, shown, place: `${way.name} ${path}` }),
    );
  }
  const knows = (names: readonly string[]) =>
    said.splice(0, said.length, ...ways.filter(({ name }) => names.includes(name)).map(({ value }) => value));
  for (const { place, workflow, secrets } of LAST) {
    knows(secrets);
    const { key } = await server.publish(workflow(service.origin));
    await followed(server, key, {}, { hooks, shown, place });
  }
  const lists = ["secrets", "connections", "workflows", "runs", "webhooks/deliveries"].map((path) => `/api/v1/${path}`);
  const tested = ways.filter((way) => way.name.startsWith("connection") || isModel(way));
  for (const path of [...lists, "/metrics", "/openapi.json"]) shown(path, (await server.call("GET", path, { key: ADMIN_KEY })).text);
  for (const { name } of tested) {
    knows([name]);
    const path = `/api/v1/connections/${name}/test`;
    shown(path, (await server.call("POST", path, { key: ADMIN_KEY })).text);
  }
  for (const { name, value } of ways) {
    const bad = { value: { nested: value }, credential: { type: value, value }, baseUrl: value };
    for (const path of [`/api/v1/secrets/${name}`, `/api/v1/connections/${name}`])
      shown(`refused ${path}`, (await server.call("PUT", path, { key: ADMIN_KEY, body: bad })).text);
  }
}

/** A run with everything that tells of it. */
async function followed(
  server: Millrace,
  key: string,
  input: object,
  { hooks, shown, place }: Pick<Exercise, "hooks" | "shown"> & { readonly place: string },
): Promise<void> {
  const webhook = [{ method: "POST", url: `${hooks.origin}/hook` }];
  const run = runIdOf(await server.call("POST", INVOKE, { key, body: { input, isAsync: true, webhook } }));
  const answers = [await terminalAnswer(server, key, run), await query(server, key, run)];
  answers.push(await server.call("GET", `/v1/workflow/run/${run}/events`, { key }));
  for (const path of [`runs/${run}`, `runs/${run}/journal`]) answers.push(await server.call("GET", `/api/v1/${path}`, { key: ADMIN_KEY }));
  let delivery = "";
  await until("the delivery", async () => {
    const { json } = await server.call("GET", `/api/v1/webhooks/deliveries?run=${run}`, { key: ADMIN_KEY });
    const [row] = json["data"] as { id: string; state: string }[];
    delivery = row?.id ?? "";
    return row?.state === "delivered";
  });
  answers.push(await server.call("GET", `/api/v1/webhooks/deliveries/${delivery}`, { key: ADMIN_KEY }));
  shown(place, answers.map(({ text, headers }) => `${JSON.stringify(headers)}\n${text}`).join("\n"));
}

/** What the commands print, and the archive that one of them writes. */
async function commands(folder: string, environment: Environment, dataDir: string, shown: Map<string, string>): Promise<void> {
  const archive = join(dataDir, "backup.tgz");
  const hasArchive = FORM === "sqlite";
  const env = { ...environment, MILLRACE_API_KEY: ADMIN_KEY };
  for (const words of [
    ...(hasArchive ? [["backup", archive]] : []),
    ["secrets", "list", "-v"],
    ["connections", "list", "-v", "--json"],
    ["runs", "list", "--json"],
  ]) {
    const run = promisify(execFile)(process.execPath, ["--disable-warning=ExperimentalWarning", programOf(folder), ...words], {
      env,
      cwd: dataDir,
    });
    const { stdout, stderr } = await run;
    shown.set(`millrace ${words[0]} ${words[1]}`, stdout + stderr);
  }
  if (hasArchive) shown.set("the backup", gunzipSync(readFileSync(archive)).toString("latin1"));
}

function filesOf(dataDir: string): (readonly [string, string])[] {
  const files = readdirSync(dataDir, { recursive: true, withFileTypes: true }).filter((one) => one.isFile());
  return files.map(({ name, parentPath }) => [`file ${name}`, readFileSync(join(parentPath, name)).toString("latin1")] as const);
}

function textOf(row: Row): string {
  const texts = Object.values(row).map((value) => (value instanceof Uint8Array ? Buffer.from(value).toString("latin1") : String(value)));
  return texts.join("\n");
}

function search(shown: ReadonlyMap<string, string>, canaries: readonly Way[], service: Echo): Search {
  const places = new Tally();
  let bytes = 0;
  // Their common beginning tells of all rounds at once.
  const wanted = canaries.map(({ name, value }) => ({ name, spellings: spellingsOf(value) }));
  for (const [place, text] of shown) {
    bytes += text.length;
    const hit = wanted.find(({ spellings }) => spellings.some((spelling) => text.includes(spelling)));
    places.add(hit === undefined ? null : `${place} shows ${hit.name}`);
  }
  const sent = new Tally();
  const received = service.received.join("\n");
  for (const { name, spellings } of wanted) sent.add(spellings.some((spelling) => received.includes(spelling)) ? null : name);
  sent.add(received.includes(SAID_PATH) ? null : "what models said");
  return { places, sent, bytes };
}
