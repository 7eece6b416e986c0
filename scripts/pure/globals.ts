import ts from "typescript";
import { EVALUATES } from "./evaluation.ts";
import type { Purity, Report } from "./report.ts";

const CLOCK = "reads a clock; take the time as an argument";
const CHANCE = "is chance; take it as an argument";
const TIMER = "is a timer; a node answers a directive that waits";
const HOST = "is the host; take a capability of the kit";
const COLLECTOR = "depends on the garbage collector";

/** Banned in every package. */
const EVALUATORS: ReadonlySet<string> = new Set(["eval", "Function"]);

const PURE_GLOBALS: ReadonlyMap<string, string> = new Map([
  ...because(CLOCK, ["performance"]),
  ...because(CHANCE, ["crypto"]),
  ...because(TIMER, ["setTimeout", "setInterval", "setImmediate", "clearTimeout", "clearInterval", "clearImmediate", "queueMicrotask"]),
  ...because(HOST, ["process", "fetch", "console", "Buffer", "require", "globalThis", "global", "self", "window", "document", "navigator"]),
  ...because(HOST, ["XMLHttpRequest", "WebSocket", "EventSource", "Worker", "MessageChannel", "BroadcastChannel", "Atomics"]),
  ...because(COLLECTOR, ["WeakRef", "FinalizationRegistry"]),
]);

/** Usable as `Name.member` only, so that no alias escapes: `const { now } = Date` is a finding. */
const PURE_MEMBERS: ReadonlyMap<string, { readonly allows: (member: string) => boolean; readonly why: string }> = new Map([
  ["Date", { allows: (member: string) => member === "parse" || member === "UTC", why: CLOCK }],
  ["Math", { allows: (member: string) => member !== "random", why: CHANCE }],
  ["AbortSignal", { allows: (member: string) => member !== "timeout", why: TIMER }],
]);

function because(why: string, names: readonly string[]): (readonly [string, string])[] {
  return names.map((name) => [name, why] as const);
}

/** `node` is an identifier that is bound to nothing in its file. */
export function scanGlobal(node: ts.Identifier, purity: Purity, report: Report): void {
  if (!isReference(node)) return;
  // globalThis.process is process by another way.
  const parent = node.parent;
  if (node.text === "globalThis" && ts.isPropertyAccessExpression(parent)) scanUse(parent.name.text, parent, purity, report);
  else scanUse(node.text, node, purity, report);
}

function scanUse(name: string, use: ts.Expression, purity: Purity, report: Report): void {
  if (isRightOfInstanceof(use)) return;
  if (EVALUATORS.has(name) && !isHarmless(use, purity)) report(use, name, EVALUATES);
  if (purity === "host") return;
  const why = PURE_GLOBALS.get(name);
  if (why !== undefined) report(use, name, why);
  const members = PURE_MEMBERS.get(name);
  if (members !== undefined && !isAllowedUse(name, use, members.allows)) report(use, use.parent.getText().slice(0, 40), members.why);
}

/** Not the name of a property, a label or an export. A declared name never comes here: it is bound. */
function isReference(node: ts.Identifier): boolean {
  const parent = node.parent;
  if (ts.isPropertyAccessExpression(parent)) return parent.expression === node;
  if (ts.isPropertyAssignment(parent)) return parent.initializer === node;
  if (ts.isBindingElement(parent)) return parent.initializer === node;
  if (ts.isPropertyDeclaration(parent)) return parent.initializer === node;
  if (ts.isMethodDeclaration(parent) || ts.isAccessor(parent) || ts.isMetaProperty(parent)) return false;
  if (ts.isImportSpecifier(parent) || ts.isExportSpecifier(parent) || ts.isNamespaceExport(parent)) return false;
  if (ts.isLabeledStatement(parent) || ts.isBreakOrContinueStatement(parent)) return false;
  return !ts.isJsxAttribute(parent);
}

function isRightOfInstanceof(use: ts.Expression): boolean {
  const parent = use.parent;
  return ts.isBinaryExpression(parent) && parent.right === use && parent.operatorToken.kind === ts.SyntaxKind.InstanceOfKeyword;
}

/** `Function.prototype` evaluates nothing; nor does a list of intrinsics, which the host's tests compare before and after an attack. */
function isHarmless(use: ts.Expression, purity: Purity): boolean {
  return memberOf(use) === "prototype" || (purity === "host" && ts.isArrayLiteralExpression(use.parent));
}

/** The `x` of `use.x`. */
function memberOf(use: ts.Expression): string | undefined {
  const parent = use.parent;
  return ts.isPropertyAccessExpression(parent) && parent.expression === use ? parent.name.text : undefined;
}

function isAllowedUse(name: string, use: ts.Expression, allows: (member: string) => boolean): boolean {
  const member = memberOf(use);
  if (member !== undefined) return allows(member);
  // `new Date(now)` turns a given time into a date; without an argument it reads the clock.
  const given = ts.isNewExpression(use.parent) ? use.parent.arguments?.[0] : undefined;
  return name === "Date" && given !== undefined && !ts.isSpreadElement(given);
}
