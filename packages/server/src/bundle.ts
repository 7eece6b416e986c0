import { pathToFileURL } from "node:url";

/**
 * Tests run from the sources, and start threads and processes from the bundle that the gate has made of them: they load in a small part of the
 * time. Failpoints are in sources only. A published build replaces both variables by `undefined`.
 */
const MADE_FOR_TESTS = process.env["MILLRACE_FAILPOINTS"] === undefined ? process.env["MILLRACE_TEST_BUNDLE"] : undefined;

/** A file of the bundle, all of which lie beside each other; undefined: this runs from the sources. */
const BUNDLE = import.meta.url.endsWith(".ts") ? MADE_FOR_TESTS && pathToFileURL(MADE_FOR_TESTS).href : import.meta.url;

/** The file of this name in the bundle; null: this runs from the sources. Whoever bundles puts it there. */
export function inBundle(name: string): URL | null {
  return BUNDLE === undefined ? null : new URL(name, BUNDLE);
}
