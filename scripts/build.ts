import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { testFileSchema } from "@millrace/contract";
import { workflowJsonSchema } from "@millrace/nodes/specs";
import { projectSchema } from "../packages/server/src/config/project-schema.ts";
import { bundleServer } from "./build/bundle-server.ts";
import { buildContract } from "./package/build-contract.ts";
import { buildPackage } from "./package/build-package.ts";
import { buildSdk } from "./sdk/build-sdk.ts";

// npm run build: what is published and started. One bundle split by command, the sandbox's own program beside it, and the files that
// both read at run time. Everything in packages/server/dist is made here.
const server = new URL("../packages/server/", import.meta.url).pathname;
const dist = join(server, "dist");
const { version } = JSON.parse(readFileSync(join(server, "package.json"), "utf8")) as { version: string };

rmSync(dist, { recursive: true, force: true });

await bundleServer(server, dist);
await import("./build-console.ts");
cpSync(new URL("../packages/console/dist/", import.meta.url).pathname, join(dist, "console"), { recursive: true });
cpSync(new URL("../docs/errors/", import.meta.url).pathname, join(dist, "errors"), { recursive: true });

// For editors: a project's files name them as `$schema`.
mkdirSync(join(dist, "schemas"));
for (const [name, schema] of Object.entries({ config: projectSchema(), workflow: workflowJsonSchema, test: testFileSchema() }))
  writeFileSync(join(dist, "schemas", `${name}.json`), `${JSON.stringify(schema, null, 2)}\n`);
process.stdout.write(`built ${version} into packages/server/dist\n`);

buildPackage(new URL("../dist/millrace/", import.meta.url).pathname);
process.stdout.write("built the package millrace into dist/millrace\n");

await buildContract(new URL("../dist/contract/", import.meta.url).pathname);
process.stdout.write("built @millrace/contract into dist/contract\n");

const sdk = await buildSdk(new URL("../packages/sdk/dist/", import.meta.url).pathname);
process.stdout.write(`built @millrace/sdk into packages/sdk/dist: ${sdk.bytes} bytes, ${sdk.gzipBytes} compressed\n`);
