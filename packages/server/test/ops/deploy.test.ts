import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { globSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import { parse } from "yaml";
import { VARIABLES } from "#config/variables";

const ROOT = fileURLToPath(new URL("../../../../deploy/", import.meta.url));
const FILES = globSync("**/*", { cwd: ROOT, withFileTypes: true }).flatMap((entry) =>
  entry.isFile() ? [join(entry.parentPath, entry.name)] : [],
);
const read = (path: string): string => readFileSync(join(ROOT, path), "utf8");

interface Tree {
  readonly [key: string]: Tree;
}

/** The part of Helm's language that the chart uses; anything else is left over, and fails. */
function render(template: string, values: Tree): Tree {
  const root = { Values: values, Release: { Name: "mill" } } as unknown as Tree;
  const at = (path: string): unknown => path.split(".").reduce<Tree | undefined>((tree, key) => tree?.[key], root);
  const text = template
    .replace(/^ *\{\{- if \.([\w.]+) \}\}\n([\s\S]*?)^ *\{\{- end \}\}\n/gm, (_, path: string, body: string) => (at(path) ? body : ""))
    .replace(/^ *\{\{- toYaml \.([\w.]+) \| nindent (\d+) \}\}$/gm, (_, path: string, depth: string) =>
      " ".repeat(Number(depth)).concat(JSON.stringify(at(path))),
    )
    .replace(/\{\{ \.([\w.]+) \}\}/g, (_, path: string) => String(at(path)));
  assert.ok(!text.includes("{{"), text);
  return parse(text) as Tree;
}

const values = (more: object = {}, chart = "millrace"): Tree =>
  ({ ...(parse(read(`helm/${chart}/values.yaml`)) as object), ...more }) as Tree;
const clustered = (name: string): Tree => render(read(`helm/millrace-cluster/templates/${name}.yaml`), values({}, "millrace-cluster"));
const statefulSet = (more: object = {}): Tree => render(read("helm/millrace/templates/statefulset.yaml"), values(more));
const container = (set: Tree): Tree => set["spec"]?.["template"]?.["spec"]?.["containers"]?.["0"] ?? {};

/** Anchors and what is merged from them are part of the file. */
const composed = (): Tree => parse(read("compose.yaml"), { merge: true }) as Tree;

const inProfile = (profile: string): [string, Tree][] =>
  Object.entries(composed()["services"] ?? {}).filter(([, { profiles }]) =>
    (profiles as unknown as string[] | undefined)?.includes(profile),
  );

function assertConfined(service: Tree | undefined): void {
  const rules = { user: "1000:1000", read_only: true, cap_drop: ["ALL"], stop_grace_period: "15s" };
  for (const [name, value] of Object.entries(rules)) assert.deepEqual(service?.[name], value, name);
}

describe("deploy/", () => {
  test("no file holds a secret, and every variable is one of the server's", () => {
    assert.ok(FILES.length >= 11);
    const known = Object.values(VARIABLES).flatMap(({ name }) => [name, `${name}_FILE`]) as readonly string[];
    for (const file of FILES) {
      const text = readFileSync(file, "utf8");
      assert.doesNotMatch(text, /mr_[\w-]{40}|[A-Za-z0-9+/]{43}=|-----BEGIN|(password|token|secret)\s*[:=]\s*['"]?[^\s'"{.]{8,}/i, file);
      for (const [variable] of text.matchAll(/MILLRACE_[A-Z_]+/g)) assert.ok(known.includes(variable), `${file}: ${variable}`);
    }
  });

  test("L53 Dockerfile: two stages, no root, a volume, the health check, no tools for anything else", () => {
    const text = read("Dockerfile");
    const last = text.slice(text.lastIndexOf("\nFROM "));
    assert.equal(text.match(/^FROM /gm)?.length, 2);
    for (const line of ["USER 1000:1000", "VOLUME /var/lib/millrace", "CMD millrace doctor -q", 'CMD ["start"]'])
      assert.ok(last.includes(line));
    assert.doesNotMatch(last, /curl|wget|apt|npm|gcc/);
  });

  test("L53 compose.yaml: the app alone, on loopback, read-only, without capabilities", (context) => {
    const { services } = composed();
    const alone = Object.entries(services ?? {}).filter(([, { profiles }]) => profiles === undefined);
    assert.deepEqual(
      alone.map(([name]) => name),
      ["millrace"],
    );
    assertConfined(services?.["millrace"]);
    assert.deepEqual(services?.["millrace"]?.["ports"], ["127.0.0.1:7788:7788"]);
    for (const more of [[], ["--profile", "scale"], ["--profile", "restate"]]) {
      const args = ["compose", "-f", join(ROOT, "compose.yaml"), ...more, "config", "-q"];
      const { status, stderr, error } = spawnSync("docker", args, { encoding: "utf8" });
      if (error || /is not a docker command|unknown/.test(stderr))
        context.diagnostic("docker compose is not here: its own check is left out");
      else assert.equal(status, 0, stderr);
    }
  });

  test("L53 compose.yaml, profile scale: PostgreSQL, who answers and who drives, with secrets from files", () => {
    const { services, secrets } = composed();
    const scaled = inProfile("scale");
    assert.deepEqual(
      scaled.map(([name]) => name),
      ["api", "worker", "postgres"],
    );
    for (const role of ["api", "worker"]) {
      const service = services?.[role];
      assertConfined(service);
      assert.deepEqual(service?.["command"], ["start", "--role", role]);
      assert.deepEqual(service["secrets"], ["database-url", "secret-key"]);
    }
    assert.equal(services?.["worker"]?.["ports"], undefined, "nobody asks a worker");
    assert.equal(services?.["postgres"]?.["ports"], undefined, "nobody outside asks the database");
    assert.ok(Object.values(secrets ?? {}).every(({ file }) => String(file).startsWith("./secrets/")));
  });

  test("L53 compose.yaml, profile restate: three nodes that know each other, and processes of ours that find them", () => {
    const { services } = composed();
    const own = inProfile("restate").map(([name]) => name);
    assert.deepEqual(own, ["hosted-api", "hosted-worker", "restate-1", "restate-2", "restate-3", "postgres"]);
    for (const role of ["api", "worker"]) {
      const service = services?.[`hosted-${role}`];
      assertConfined(service);
      assert.deepEqual(service?.["command"], ["start", "--role", role]);
      assert.equal(service["environment"]?.["MILLRACE_ENGINE"], "restate");
    }
    const nodes = [1, 2, 3].map((node) => services?.[`restate-${node}`]);
    for (const [index, node] of nodes.entries()) {
      const { environment, ports } = node ?? {};
      const at = `http://restate-${index + 1}`;
      assert.equal(environment?.["RESTATE_ADVERTISED_ADDRESS"], `${at}:5122`);
      assert.ok(String(environment["RESTATE_METADATA_CLIENT__ADDRESSES"]).includes(`"${at}:5122"`));
      assert.ok(String(services?.["hosted-api"]?.["environment"]?.["MILLRACE_RESTATE_URL"]).split(",").includes(`${at}:8080`));
      assert.equal(environment["RESTATE_AUTO_PROVISION"], String(index === 0) as unknown);
      assert.equal(ports, undefined, "nobody outside asks the engine");
    }
  });

  test("L53 chart of a cluster: processes of each role that are not root, with references to secrets and addresses that agree", () => {
    for (const role of ["api", "worker"]) {
      const set = clustered(role);
      const { args, readinessProbe, securityContext, env, resources } = container(set);
      assert.deepEqual(args, ["start", "--role", role]);
      assert.equal(readinessProbe?.["httpGet"]?.["path"], role === "api" ? "/readyz" : ("/healthz" as unknown));
      assert.deepEqual([securityContext?.["readOnlyRootFilesystem"], securityContext?.["allowPrivilegeEscalation"]], [true, false]);
      assert.ok(resources?.["limits"] && (env as unknown as Tree[]).every((one) => one["valueFrom"]?.["secretKeyRef"] && !one["value"]));
      const service = clustered(role === "api" ? "service" : "worker-service");
      assert.deepEqual(service["spec"]?.["selector"], set["spec"]?.["selector"]?.["matchLabels"]);
    }
    const restate = parse(read("helm/restate.values.yaml")) as { replicaCount: number; env: { name: string; value: string }[] };
    const addresses = restate.env.find(({ name }) => name === "RESTATE_METADATA_CLIENT__ADDRESSES")?.value ?? "[]";
    assert.equal((JSON.parse(addresses) as string[]).length, restate.replicaCount);
  });

  test("L53 chart: one replica that is not root, with probes, limits, references to secrets and time to stop", () => {
    const set = statefulSet({ existingSecret: "keys" });
    const pod = set["spec"]?.["template"]?.["spec"] as unknown as { [key: string]: unknown };
    assert.equal(set["spec"]?.["replicas"], 1);
    assert.ok(Number(pod["terminationGracePeriodSeconds"]) >= 15);
    assert.equal((pod["securityContext"] as Tree)["runAsNonRoot"], true);
    const { livenessProbe, readinessProbe, resources, securityContext, env, image } = container(set);
    assert.equal(image, "millrace:0.1.0");
    assert.deepEqual([livenessProbe?.["httpGet"]?.["path"], readinessProbe?.["httpGet"]?.["path"]], ["/healthz", "/readyz"]);
    assert.ok(resources?.["requests"] && resources["limits"]);
    assert.deepEqual([securityContext?.["readOnlyRootFilesystem"], securityContext?.["allowPrivilegeEscalation"]], [true, false]);
    const secrets = (env as unknown as Tree[]).filter(({ name }) => /KEY|TOKEN/.test(String(name)));
    assert.ok(secrets.length === 3 && secrets.every((one) => one["valueFrom"]?.["secretKeyRef"] && !one["value"]));
    assert.equal((container(statefulSet())["env"] as unknown as Tree[]).length, 1, "without a Secret there is no reference to one");
  });

  test("chart: the other objects select the pod, and their settings are texts", () => {
    const labels = statefulSet()["spec"]?.["selector"]?.["matchLabels"];
    const [service, map, budget] = ["service", "configmap", "poddisruptionbudget"].map((name) =>
      render(read(`helm/millrace/templates/${name}.yaml`), values()),
    );
    assert.deepEqual(service?.["spec"]?.["selector"], labels);
    assert.deepEqual(budget?.["spec"]?.["selector"]?.["matchLabels"], labels);
    assert.ok(Object.values(map?.["data"] ?? {}).every((value) => typeof value === "string"));
    const { version, appVersion } = parse(read("helm/millrace/Chart.yaml")) as { [key: string]: unknown };
    assert.deepEqual([version, appVersion], ["0.1.0", "0.1.0"]);
  });

  test("L53 systemd: an own user, a state directory, the key as a credential", async (context) => {
    const text = read("millrace.service");
    for (const line of ["DynamicUser=yes", "StateDirectory=millrace", "ProtectSystem=strict", "NoNewPrivileges=yes"])
      assert.ok(text.includes(`\n${line}\n`), line);
    assert.match(text, /^LoadCredential=secret-key:/m);
    const directory = await mkdtemp(join(tmpdir(), "millrace-unit-"));
    const unit = join(directory, "millrace.service");
    writeFileSync(unit, text);
    const { status, stderr, error } = spawnSync("systemd-analyze", ["verify", unit], { encoding: "utf8" });
    rmSync(directory, { recursive: true });
    if (error) context.diagnostic("systemd-analyze is not here: its own check is left out");
    else assert.deepEqual([status, stderr.split("\n").filter((line) => line.includes("millrace.service"))], [0, []], stderr);
  });

  test("proxies: events unbuffered, reads longer than the hold, metrics not handed on", () => {
    const nginx = read("nginx.conf");
    const caddy = read("Caddyfile");
    assert.match(nginx, /proxy_buffering off;/);
    assert.match(caddy, /flush_interval -1/);
    for (const timeout of [/proxy_read_timeout (\d+)s/.exec(nginx), /read_timeout (\d+)s/.exec(caddy)])
      assert.ok(Number(timeout?.[1]) * 1_000 > VARIABLES.syncHoldMs.fallback);
    assert.match(nginx, /location = \/metrics \{\s+return 404;/);
    assert.match(caddy, /respond \/metrics 404/);
    for (const text of [nginx, caddy]) assert.match(text, /X-Forwarded-For/);
    assert.doesNotMatch(nginx, /^\s*http2 /m, "nginx knows this directive only from 1.25.1 on: Debian 12 has 1.22");
  });
});
