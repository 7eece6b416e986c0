import type { Check } from "#cli/doctor/check";
import { checkClock } from "#cli/doctor/clock";
import { checkDataDir, checkDisk } from "#cli/doctor/data-dir";
import { checkDatabase } from "#cli/doctor/database";
import { checkDefaultModel } from "#cli/doctor/default-model";
import { checkEgress } from "#cli/doctor/egress";
import { checkKeyFiles } from "#cli/doctor/key-files";
import { checkPort } from "#cli/doctor/port";
import { checkSecretKey } from "#cli/doctor/secret-key";

const NEEDED_NODE = 24;

const checkNode: Check = () => {
  const { node } = process.versions;
  if (Number.parseInt(node, 10) >= NEEDED_NODE) return null;
  return { problem: `this is Node ${node}`, fix: `install Node ${NEEDED_NODE} or newer from https://nodejs.org` };
};

/** Every check, in the order in which they are told. */
export const CHECKS: { readonly [name: string]: Check } = {
  node: checkNode,
  data: checkDataDir,
  disk: checkDisk,
  database: checkDatabase,
  keys: checkKeyFiles,
  secretKey: checkSecretKey,
  port: checkPort,
  egress: checkEgress,
  defaultModel: checkDefaultModel,
  clock: checkClock,
};
