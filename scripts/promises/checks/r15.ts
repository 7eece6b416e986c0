import { cpSync, existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Check, type Effort, Tally } from "../frame/check.ts";
import { OF_THE_FILE } from "../frame/not-on.ts";
import { echo } from "../harness/documents.ts";
import { settingsFor, startMillrace } from "../harness/millrace.ts";
import { type PlantedBug, plantServer } from "../harness/plant.ts";
import { eachAtOnce, invoke, query, runIdOf } from "../harness/runs.ts";
import type { Answer } from "../harness/send.ts";
import { pragma, tablesOf, withFile } from "../harness/sqlite-file.ts";
import { straceProblem, TRACEABLE } from "../harness/strace.ts";

/** A release that is one step of the schema ahead. */
const NEXT_RELEASE: PlantedBug = {
  file: "store/sqlite/migrations.ts",
  name: "a next step of the schema",
  from: "\n];\n\nexport function migrationSql",
  to: '\n  { version: 9999, file: "../testing/next-step.sql" },\n];\n\nexport function migrationSql',
};

const NEXT_SCHEMA = "9999";
const NEXT_TABLE = "upgraded";
const RUNS = 10;
const AT_ONCE = 2;

/** Calls in front of which the server is killed, and how many times a thread makes them while it upgrades, about. */
const KINDS = [
  { calls: "pwrite64", most: 40 },
  { calls: "fsync,fdatasync", most: 10 },
  { calls: "rename", most: 2 },
] as const;

interface Tallies {
  readonly mixtures: Tally;
  readonly missing: Tally;
  readonly wrong: Tally;
  killed: number;
}

interface Old {
  readonly folder: string;
  readonly schema: string;
  readonly key: string;
  readonly told: readonly Answer[];
}

export const r15: Check = {
  id: "R15",
  property:
    "An upgrade that is killed anywhere leaves the old data or the new data, with a backup of the old, and the next start goes through",
  notOn: OF_THE_FILE,
  missing: straceProblem,
  run: async ({ long }: Effort) => {
    const folder = mkdtempSync(join(tmpdir(), "millrace-upgrade-"));
    const tallies: Tallies = { mixtures: new Tally(), missing: new Tally(), wrong: new Tally(), killed: 0 };
    try {
      const old = await makeOld(join(folder, "old"));
      const next = await plantServer([NEXT_RELEASE], folder);
      cpSync(join(next, "src/store/sqlite/testing"), join(next, "dist/testing"), { recursive: true });
      const each = long ? 40 : 8;
      const points = KINDS.flatMap(({ calls, most }) => {
        const whens = Array.from({ length: each }, (_, n) => 1 + Math.floor((n * most) / each));
        return [...new Set(whens)].map((when) => ({ calls, when }));
      });
      await eachAtOnce(points, AT_ONCE, ({ calls, when }, n) => killUpgrade(join(folder, `${n}`), old, next, { calls, when }, tallies));
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
    const { mixtures, missing, wrong, killed } = tallies;
    if (killed * 2 < mixtures.tried) throw new Error(`only ${killed} of ${mixtures.tried} upgrades were killed`);
    return {
      counts: [
        mixtures.count("mixtures of old and new", "upgrades with a kill in them"),
        missing.count("new without a backup of the old", "upgrades with a kill in them"),
        wrong.count("changed", "runs read after the upgrade"),
      ],
      facts: { "killed before they were through": killed },
      failures: [mixtures, missing, wrong].flatMap(({ failures }) => failures),
    };
  },
};

async function makeOld(folder: string): Promise<Old> {
  const server = await startMillrace(settingsFor(folder));
  const { key } = await server.publish(echo("upgraded"));
  const told = await Promise.all(Array.from({ length: RUNS }, (_, n) => invoke(server, key, { input: { value: n } })));
  await server.end("SIGTERM");
  return { folder, schema: withFile(folder, (database) => pragma(database, "user_version")), key, told };
}

async function killUpgrade(dataDir: string, old: Old, next: string, at: { calls: string; when: number }, tallies: Tallies): Promise<void> {
  const where = `kill at ${at.calls} ${at.when}`;
  cpSync(old.folder, dataDir, { recursive: true });
  const under = [
    "strace",
    "-f",
    "-qq",
    "-o",
    "/dev/null",
    "-e",
    `trace=${at.calls}`,
    "-e",
    `inject=${at.calls}:signal=SIGKILL:when=${at.when}`,
  ];
  const upgrading = await startMillrace(settingsFor(dataDir, TRACEABLE), { server: next, under, quiet: true }).catch(() => null);
  if (upgrading === null) tallies.killed += 1;
  await upgrading?.end("SIGKILL");
  const { schema, isNew } = withFile(dataDir, (database) => ({
    schema: pragma(database, "user_version"),
    isNew: tablesOf(database).includes(NEXT_TABLE),
  }));
  const isOneOfBoth = isNew ? schema === NEXT_SCHEMA : schema === old.schema;
  tallies.mixtures.add(isOneOfBoth ? null : `${where}: schema ${schema}, new table ${isNew}`);
  tallies.missing.add(!isNew || backupsIn(dataDir) === 1 ? null : `${where}: ${backupsIn(dataDir)} backups`);
  const after = await startMillrace(settingsFor(dataDir), { server: next });
  for (const answer of old.told) {
    const { status, text } = await query(after, old.key, runIdOf(answer));
    tallies.wrong.add(text === answer.text ? null : `${where}: ${status} ${text.slice(0, 200)}`);
  }
  await after.end("SIGKILL");
  rmSync(dataDir, { recursive: true });
}

function backupsIn(dataDir: string): number {
  const folder = join(dataDir, "backups");
  return existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith(".tgz")).length : 0;
}
