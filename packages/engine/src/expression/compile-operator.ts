import { type Json, say } from "@millrace/contract";
import type { BinaryOperator, ChainLink, ChainNode, ConditionalNode, LogicalOperator, UnaryNode } from "#expression/ast";
import type { Code, Compilation, Compiled } from "#expression/compilation";
import { BINARY_CODES, type BinaryCode, invert, negate, toNumber } from "#expression/operators";
import { binaryType, unaryType } from "#expression/static-types";
import { truthy } from "#expression/values";
import { commonType } from "#value/sample-type";
import { ANY, typeName, type ValueType } from "#value/types";

const UNARY_CODES = { "-": negate, "+": toNumber, "!": invert } as const;

export function compileUnary<Env>(node: UnaryNode, c: Compilation<Env>): Compiled<Env> {
  const { code, type } = c.compile(node.operand);
  const result = unaryType(node.operator, type);
  if (result === null) c.problems.add("wrong_type", node, say`"${node.operator}" needs a number, not ${typeName(type)}.`);
  const apply = UNARY_CODES[node.operator];
  return { code: (run) => apply(code(run)), type: result ?? ANY };
}

export function compileConditional<Env>(node: ConditionalNode, c: Compilation<Env>): Compiled<Env> {
  const { code: test } = c.compile(node.test);
  const yes = c.compile(node.yes);
  const no = c.compile(node.no);
  return { code: (run) => (truthy(test(run)) ? yes.code(run) : no.code(run)), type: commonType(yes.type, no.type) };
}

/** One operator of a chain, and the code of its right side. */
type Step<Env> = {
  readonly right: Code<Env>;
  /** The left value settles the result, so that the right side is not evaluated. */
  readonly settles: ((left: Json) => boolean) | null;
  readonly apply: BinaryCode;
};

export function compileChain<Env>(node: ChainNode, c: Compilation<Env>): Compiled<Env> {
  const first = c.compile(node.first);
  let type = first.type;
  const steps = node.links.map((link) => {
    const right = c.compile(link.operand);
    type = linkType(link, type, right.type, c);
    return stepOf(link.operator, right.code);
  });
  const [only] = steps;
  return { code: steps.length === 1 && only !== undefined ? single(first.code, only) : sequence(first.code, steps), type };
}

function single<Env>(first: Code<Env>, step: Step<Env>): Code<Env> {
  const { right, settles, apply } = step;
  if (settles === null) return (run) => apply(first(run), right(run), run);
  return (run) => {
    const left = first(run);
    return settles(left) ? left : right(run);
  };
}

function sequence<Env>(first: Code<Env>, steps: readonly Step<Env>[]): Code<Env> {
  return (run) => {
    let value = first(run);
    for (const { right, settles, apply } of steps) {
      if (settles === null) value = apply(value, right(run), run);
      else if (!settles(value)) value = right(run);
    }
    return value;
  };
}

const SETTLES: { readonly [operator in LogicalOperator]: (left: Json) => boolean } = {
  "&&": (left) => !truthy(left),
  "||": truthy,
  "??": (left) => left !== null,
};

function isLogical(operator: BinaryOperator | LogicalOperator): operator is LogicalOperator {
  return Object.hasOwn(SETTLES, operator);
}

function stepOf<Env>(operator: BinaryOperator | LogicalOperator, right: Code<Env>): Step<Env> {
  if (isLogical(operator)) return { right, settles: SETTLES[operator], apply: (_, value) => value };
  return { right, settles: null, apply: BINARY_CODES[operator] };
}

function linkType<Env>(link: ChainLink, left: ValueType, right: ValueType, c: Compilation<Env>): ValueType {
  if (isLogical(link.operator)) return commonType(left, right);
  const type = binaryType(link.operator, left, right);
  if (type !== null) return type;
  const needs = link.operator === "+" ? say`two numbers or a string` : say`two numbers`;
  c.problems.add("wrong_type", link, say`"${link.operator}" needs ${needs}, not ${typeName(left)} and ${typeName(right)}.`);
  return ANY;
}
