// Takes a picture of every page of the console: `npm run screenshots [-- word …]`, into reports/screenshots with an index.html. Words are
// names of pages and of looks: `home runs 375 dark ja`; `viewer`, `empty` and `much` stand for all pages that begin so.
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { index } from "./screenshots/index.ts";
import { eachSite } from "./screenshots/sites.ts";
import { namesLook, type Picture, takePictures } from "./screenshots/take.ts";

const OUT = "reports/screenshots";

const words = process.argv.slice(2);
const looks = words.filter(namesLook);
const names = words.filter((word) => !namesLook(word));
const groups = names.filter((word) => ["viewer", "empty", "much"].includes(word));
const isWanted = (name: string) => names.length === 0 || names.includes(name) || groups.some((group) => name.startsWith(`${group}-`));

const pictures: Picture[] = [];
mkdirSync(OUT, { recursive: true });
await eachSite(names, async ({ origin, pages }) => {
  const wanted = pages.filter(({ name }) => isWanted(name));
  pictures.push(...(await takePictures(origin, wanted, OUT, looks)));
});
writeFileSync(join(OUT, "index.html"), index(pictures));
const wide = pictures.filter(({ beyond }) => beyond > 0);
for (const { file, beyond } of wide) process.stderr.write(`${file}: ${beyond} px wider than the window\n`);
process.stdout.write(`${pictures.length} pictures: ${join(OUT, "index.html")}\n`);
if (wide.length > 0) process.exitCode = 1;
