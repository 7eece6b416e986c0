import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pino from "pino";
import { createApp, DEFAULT_TENANT } from "../../packages/server/src/app.ts";
import { loadSettings } from "../../packages/server/src/config/load-settings.ts";
import { WORKFLOWS } from "./workflows.ts";

// A server with the benchmark's workflows, and a key for each: the line that it prints when ready holds `port` and `key.<name>`.
const dataDir = mkdtempSync(join(tmpdir(), "millrace-bench-"));
const { settings } = loadSettings(process.env, { dataDir, port: "0", logLevel: "error", egressAllow: "127.0.0.1" }, "0.0.0-bench");
const app = await createApp(settings, pino({ level: "error" }));
const ready: { [name: string]: string | number } = { dataDir };
for (const document of Object.values(WORKFLOWS)) {
  await app.authoring.deploy(DEFAULT_TENANT, document, { publish: true });
  const { key } = await app.apiKeys.create(DEFAULT_TENANT, { workflows: [document.name] });
  ready[`key.${document.name}`] = key;
}
ready["port"] = await app.listen();
process.stdout.write(`${JSON.stringify(ready)}\n`);
process.on("SIGTERM", () => {
  void app.close().then(() => {
    rmSync(dataDir, { recursive: true, force: true });
    process.exit(0);
  });
});
