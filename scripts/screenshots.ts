// Takes a picture of every page of the console: `npm run screenshots [-- word …]`, into reports/screenshots with an index.html. Words are
// names of pages and of looks: `home runs 375 dark ja`.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startServer } from "./bench/process.ts";
import { index } from "./screenshots/index.ts";
import { pagesOf } from "./screenshots/pages.ts";
import { ADMIN_KEY, seed } from "./screenshots/seed.ts";
import { namesLook, type Picture, takePictures } from "./screenshots/take.ts";

const OUT = "reports/screenshots";
const CLI = new URL("../packages/server/src/cli/main.ts", import.meta.url);

const words = process.argv.slice(2);
const looks = words.filter(namesLook);
const wanted = words.filter((word) => !namesLook(word));
const dataDir = mkdtempSync(join(tmpdir(), "millrace-screenshots-"));
const server = await startServer(CLI, ["start", "--port", "0"], {
  MILLRACE_DATA_DIR: dataDir,
  MILLRACE_ADMIN_KEY: ADMIN_KEY,
  MILLRACE_EGRESS_ALLOW: "127.0.0.1",
});
const origin = `http://127.0.0.1:${server.port}`;
const pictures: Picture[] = [];
try {
  const pages = pagesOf(await seed(origin)).filter(({ name }) => wanted.length === 0 || wanted.includes(name));
  mkdirSync(OUT, { recursive: true });
  pictures.push(...(await takePictures(origin, pages, OUT, looks)));
} finally {
  await server.stop();
  rmSync(dataDir, { recursive: true, force: true });
}
writeFileSync(join(OUT, "index.html"), index(pictures));
const wide = pictures.filter(({ beyond }) => beyond > 0);
for (const { file, beyond } of wide) process.stderr.write(`${file}: ${beyond} px wider than the window\n`);
process.stdout.write(`${pictures.length} pictures: ${join(OUT, "index.html")}\n`);
if (wide.length > 0) process.exitCode = 1;
