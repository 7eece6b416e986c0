import { readFileSync } from "node:fs";
import { join } from "node:path";
import "./build-server.ts";
import { buildContract } from "./package/build-contract.ts";
import { buildPackage } from "./package/build-package.ts";
import { buildSdk } from "./sdk/build-sdk.ts";

// npm run build: what is published and started.
const server = new URL("../packages/server/", import.meta.url).pathname;
const { version } = JSON.parse(readFileSync(join(server, "package.json"), "utf8")) as { version: string };
process.stdout.write(`built ${version} into packages/server/dist\n`);

buildPackage(new URL("../dist/millrace/", import.meta.url).pathname);
process.stdout.write("built the package millrace into dist/millrace\n");

await buildContract(new URL("../dist/contract/", import.meta.url).pathname);
process.stdout.write("built @millrace/contract into dist/contract\n");

const sdk = await buildSdk(new URL("../packages/sdk/dist/", import.meta.url).pathname);
process.stdout.write(`built @millrace/sdk into packages/sdk/dist: ${sdk.bytes} bytes, ${sdk.gzipBytes} compressed\n`);
