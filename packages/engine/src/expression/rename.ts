import { say } from "@millrace/contract";
import type { Expression, MemberNode, NameNode } from "#expression/ast";
import { isForbidden } from "#expression/names";
import { parse } from "#expression/parse";
import { Problems } from "#expression/problems";
import { isReservedName } from "#expression/reserved";
import type { ExpressionProblem } from "#expression/scope";
import { splitTemplate } from "#expression/template";
import { type NameUse, walkNames } from "#expression/walk";

/** The last name of the path `from` becomes `to`: `["fetch"]` renames a root (a node), `["fetch", "body"]` a field of it. */
export interface Renaming {
  readonly from: readonly string[];
  readonly to: string;
}

export type RenameResult =
  | { readonly ok: true; readonly text: string; readonly count: number }
  /** Nothing is changed: the new name cannot be used, or an expression cannot be read. */
  | { readonly ok: false; readonly problems: readonly ExpressionProblem[] };

/** Renames references within a config string. Text, string literals, parameters and members of other values stay as they are. */
export function renameInTemplate(text: string, renaming: Renaming): RenameResult {
  const problems = new Problems();
  checkName(renaming, problems);
  const edits: Edit[] = [];
  for (const piece of splitTemplate(text, problems)) {
    if (piece.kind === "text") continue;
    const expression = parse(piece.source, piece.start, problems);
    if (expression !== null) edits.push(...editsOf(expression, text, renaming));
  }
  return problems.none ? applied(text, edits) : { ok: false, problems: problems.found };
}

/** As `renameInTemplate`, for an expression that stands without braces. */
export function renameInExpression(source: string, renaming: Renaming): RenameResult {
  const problems = new Problems();
  checkName(renaming, problems);
  const expression = parse(source, 0, problems);
  if (expression === null || !problems.none) return { ok: false, problems: problems.found };
  return applied(source, editsOf(expression, source, renaming));
}

const IDENTIFIER = /^[A-Za-z_$][\w$]*$/;

function checkName({ from, to }: Renaming, problems: Problems): void {
  const usable = from.length === 1 ? IDENTIFIER.test(to) && !isReservedName(to) : from.length > 1 && !isForbidden(to);
  if (!usable)
    problems.add(
      "invalid_name",
      { start: 0, end: 0 },
      say`"${to.slice(0, 50)}" cannot be used as a name here.`,
      say`Use letters, digits and _.`,
    );
}

interface Edit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
  /** A reference was renamed, and not a parameter moved out of its way. */
  readonly counts: boolean;
}

function applied(text: string, edits: readonly Edit[]): RenameResult {
  let renamed = "";
  let at = 0;
  for (const edit of edits.toSorted((a, b) => a.start - b.start)) {
    renamed += text.slice(at, edit.start) + edit.text;
    at = edit.end;
  }
  return { ok: true, text: renamed + text.slice(at), count: edits.filter((edit) => edit.counts).length };
}

function editsOf(expression: Expression, text: string, renaming: Renaming): readonly Edit[] {
  const uses: NameUse[] = [];
  walkNames(expression, (use) => uses.push(use));
  const renamed = uses.filter((use) => isMeant(use, renaming.from));
  const edits = renamed.map((use) => editOf(use, text, renaming));
  if (renaming.from.length > 1) return edits;
  const captors = new Set(renamed.flatMap((use) => use.params.filter((param) => param.name === renaming.to)));
  return [...edits, ...[...captors].flatMap((param, index) => moveAside(param, uses, freshName(uses, renaming.to, index)))];
}

function bindingOf(use: NameUse): NameNode | undefined {
  return use.params.findLast((param) => param.name === use.node.name);
}

function isMeant(use: NameUse, from: readonly string[]): boolean {
  if (use.node.name !== from[0] || bindingOf(use) !== undefined) return false;
  return from.slice(1).every((name, index) => use.members[index]?.name === name);
}

function editOf(use: NameUse, text: string, { from, to }: Renaming): Edit {
  const member = use.members[from.length - 2];
  if (from.length > 1 && member !== undefined) return { ...memberEdit(member, text, to), counts: true };
  return { ...nameEdit(use, to), counts: true };
}

function nameEdit(use: NameUse, to: string): Omit<Edit, "counts"> {
  const { start, end, name } = use.node;
  return { start, end, text: use.shorthand ? `${name}: ${to}` : to };
}

function memberEdit(member: MemberNode, text: string, to: string): Omit<Edit, "counts"> {
  const { start, end } = member.nameSpan;
  if (member.quoted) return { start, end, text: JSON.stringify(to) };
  if (IDENTIFIER.test(to)) return { start, end, text: to };
  const dot = text.lastIndexOf(".", start);
  const optional = text[dot - 1] === "?";
  return { start: optional ? dot + 1 : dot, end, text: `[${JSON.stringify(to)}]` };
}

/** A parameter of the new name would capture the reference: it gets another name, with all its uses. */
function moveAside(param: NameNode, uses: readonly NameUse[], name: string): readonly Edit[] {
  const own = uses.filter((use) => bindingOf(use) === param);
  const edits = own.map((use) => ({ ...nameEdit(use, name), counts: false }));
  return [{ start: param.start, end: param.end, text: name, counts: false }, ...edits];
}

function freshName(uses: readonly NameUse[], name: string, index: number): string {
  const taken = new Set(uses.flatMap((use) => [use.node.name, ...use.params.map((param) => param.name)]));
  let number = 2;
  for (let left = index; ; number++) {
    if (taken.has(`${name}${number}`)) continue;
    if (left-- === 0) return `${name}${number}`;
  }
}
