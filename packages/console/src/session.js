// @ts-check
import { ApiError, getJson, postJson } from "./api.js";
import { choices } from "./storage.js";

/** @import { Whoami } from "@millrace/contract" */

// Who is signed in. The session itself is a cookie that no script can read: here is only what the server says of it.

/** Says that this browser has signed in here: one that has not need not ask who it is, and be refused. */
const MARK = "millrace.signed_in";

/** @type {Whoami | null} */
let who = null;

/** What the address of a link carried, or null. It leaves the address at once, so that it is neither bookmarked nor shared. @type {string | null} */
let token = null;

export function currentWho() {
  return who;
}

/** @param {Whoami | null} whoami */
export function setWho(whoami) {
  who = whoami;
  choices.set(MARK, whoami === null ? null : "yes");
}

/** Asks the server; null where nobody is signed in. Throws where it gives another answer. @param {AbortSignal} signal */
export async function loadSession(signal) {
  if (choices.get(MARK) === null) return;
  try {
    setWho(/** @type {Whoami} */ (await getJson("/api/v1/whoami", { signal })));
  } catch (error) {
    if (!(error instanceof ApiError) || error.status !== 401) throw error;
    setWho(null);
  }
}

/** Ends the session on the server too; one that has ended already is no matter. @param {AbortSignal} signal */
export async function signOut(signal) {
  setWho(null);
  await postJson("/api/v1/sign-out", null, { signal }).catch((error) => {
    if (!(error instanceof ApiError) || error.status !== 401) throw error;
  });
}

/** @returns {boolean} whether the address carried a token */
export function takeTokenFromAddress() {
  const { hash, pathname, search } = location;
  const found = /^#(?:link=)?([A-Za-z0-9_-]{40})$/.exec(hash)?.[1];
  if (found === undefined) return false;
  history.replaceState(history.state, "", pathname + search);
  token = found;
  return true;
}

export function currentToken() {
  return token;
}

export function dropToken() {
  token = null;
}
