import type { Check } from "#doctor/check";
import { checkClock } from "#doctor/clock";
import { checkDataDir, checkDisk } from "#doctor/data-dir";
import { checkDatabase } from "#doctor/database";
import { checkDefaultModel } from "#doctor/default-model";
import { checkEgress } from "#doctor/egress";
import { checkEngine } from "#doctor/engine";
import { checkKeyFiles } from "#doctor/key-files";
import { checkPort } from "#doctor/port";
import { checkSecretKey } from "#doctor/secret-key";
import { checkServer } from "#doctor/server";

const NEEDED_NODE = 24;

const checkNode: Check = () => {
  const { node } = process.versions;
  if (Number.parseInt(node, 10) >= NEEDED_NODE) return null;
  return { problem: `this is Node ${node}`, fix: `install Node ${NEEDED_NODE} or newer from https://nodejs.org` };
};

/** Every check, in the order in which they are told. */
export const CHECKS = {
  node: checkNode,
  data: checkDataDir,
  disk: checkDisk,
  server: checkServer,
  database: checkDatabase,
  engine: checkEngine,
  keys: checkKeyFiles,
  secretKey: checkSecretKey,
  port: checkPort,
  egress: checkEgress,
  defaultModel: checkDefaultModel,
  clock: checkClock,
} as const satisfies { readonly [name: string]: Check };
