import pino from "pino";
import { createApp } from "../../packages/server/src/app.ts";
import { loadSettings } from "../../packages/server/src/config/load-settings.ts";
import { MovableClock } from "../../packages/server/src/testing/clock.ts";

// A server that keeps runs for a day, for which that day is over with a SIGUSR2: `node later-server.ts`, with the data of the environment.
const DAY_MS = 86_400_000;

const clock = new MovableClock();
const { settings } = loadSettings({ ...process.env, MILLRACE_RETENTION_DAYS: "1" }, { port: "0" }, "0.0.0-bench");
const app = await createApp(settings, pino({ level: "silent" }), { clock });
process.on("SIGUSR2", () => clock.forward(2 * DAY_MS));
process.on("SIGTERM", () => void app.close().then(() => process.exit(0)));
process.stdout.write(`${JSON.stringify({ port: await app.listen() })}\n`);
