import type { Json, JsonObject } from "@millrace/contract";
import { isBlank, listOf, objectOf, textOf } from "#flow/json";
import { MAX_NATIVE_ID_CHARS } from "#flow/limits";
import type { Owner } from "#flow/model/variable";
import { identifierFrom, Names } from "#flow/names";

/** The branches of a CONDITION or INTENT as native ports. */
export interface Ports {
  /** The port of each branch, in the order of the file. */
  readonly branches: readonly string[];
  /** The port that an edge's `sourceHandle` means. */
  readonly byHandle: ReadonlyMap<string, string>;
}

const ELSE_PORT = "else";
export const ERROR_PORT = "error";
export const SUCCESS_PORT = "out";

/** Ports that mean something by themselves. */
const RESERVED_PORTS = [ELSE_PORT, ERROR_PORT, SUCCESS_PORT];

/** The edge that a node with `onError: branch` takes when it fails. */
export function errorHandle(nodeId: string): string {
  return `source-${nodeId}-error`;
}

export function conditionPorts(param: JsonObject, at: string, owner: Owner): Ports {
  return readPorts(listOf(param["conditionBranches"]), `${at}.conditionBranches`, "case", owner);
}

export function intentPorts(param: JsonObject, at: string, owner: Owner): Ports {
  return readPorts(listOf(param["intents"]), `${at}.intents`, "intent", owner);
}

function readPorts(branches: readonly Json[], at: string, word: string, owner: Owner): Ports {
  const names = new Names(RESERVED_PORTS, MAX_NATIVE_ID_CHARS);
  const byHandle = new Map<string, string>();
  const ports = branches.map((value, index) => {
    const branch = objectOf(value);
    const handle = isBlank(branch["sourceHandle"]) ? null : textOf(branch["sourceHandle"]);
    const port = word === "case" && branch["type"] === "ELSE" ? ELSE_PORT : names.take(portName(handle, `${word}_${index + 1}`, owner));
    if (handle === null) report("has no handle, so no edge can leave it");
    else if (byHandle.has(handle)) report("has the handle of an earlier branch, which takes all its edges");
    else byHandle.set(handle, port);
    return port;

    function report(what: string): void {
      owner.problems.add("MR_BRANCH_HANDLE", `${at}[${index}].sourceHandle`, `The branch ${what}.`, owner.id);
    }
  });
  return { branches: ports, byHandle };
}

/** `source-cond-if` of node `cond` → `if`; any other handle as a whole. */
function portName(handle: string | null, fallback: string, owner: Owner): string {
  if (handle === null) return fallback;
  const prefix = `source-${owner.id}-`;
  return identifierFrom(handle.startsWith(prefix) ? handle.slice(prefix.length) : handle, fallback);
}
