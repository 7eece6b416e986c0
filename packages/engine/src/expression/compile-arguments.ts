import { say } from "@millrace/contract";
import type { ArgumentNode, ArrowNode, CallNode } from "#expression/ast";
import type { Code, Compilation } from "#expression/compilation";
import { fault } from "#expression/errors";
import type { Run } from "#expression/fuel";
import type { Argument, Callback, CallbackParameter, Parameter } from "#expression/functions/parameter";
import type { FunctionRow } from "#expression/functions/row";
import { elementType, fits } from "#expression/static-types";
import { isList } from "#value/json";
import { ANY, describe, INTEGER, STRING, typeName, type ValueType } from "#value/types";

type ArgumentCode<Env> = (run: Run<Env>) => Argument;

export interface CompiledArguments<Env> {
  /** Adds the arguments to those that are given (the receiver, or none). */
  readonly codes: (run: Run<Env>, args: Argument[]) => readonly Argument[];
  /** Of the receiver, where there is one, and of the arguments; of a callback, of what it gives. */
  readonly types: readonly ValueType[];
}

/** The arguments of a call, checked against the row as far as the source shows them. `self` is the receiver's type, or null. */
export function compileArguments<Env>(
  row: FunctionRow,
  node: CallNode,
  self: ValueType | null,
  c: Compilation<Env>,
): CompiledArguments<Env> {
  checkCount(row, node, c);
  const types: ValueType[] = self === null ? [] : [self];
  const plain: ArgumentCode<Env>[] = [];
  const spread: boolean[] = [];
  for (const [index, arg] of node.args.entries()) {
    const parameter = row.parameters[index] ?? restParameter(row);
    const compiled = compileArgument(row, parameter, arg, types[0] ?? ANY, c);
    plain.push(compiled.code);
    types.push(compiled.type);
    spread.push(arg.kind === "spread");
  }
  return { codes: spread.includes(true) ? spreading(plain, spread) : collecting(plain), types };
}

function restParameter(row: FunctionRow): Parameter<unknown> | undefined {
  const last = row.parameters.at(-1);
  return last?.mode === "rest" ? last : undefined;
}

function checkCount<Env>(row: FunctionRow, node: CallNode, c: Compilation<Env>): void {
  const required = row.parameters.filter((parameter) => parameter.mode === "required").length;
  const most = restParameter(row) !== undefined ? Number.POSITIVE_INFINITY : row.parameters.length;
  const spread = node.args.some((arg) => arg.kind === "spread");
  const given = node.args.length;
  if ((given >= required || spread) && given <= most) return;
  const wanted = required === most ? required : most === Number.POSITIVE_INFINITY ? say`at least ${required}` : say`${required} to ${most}`;
  const names = row.parameters.map((parameter) => parameter.name).join(", ");
  const message =
    wanted === 1
      ? say`"${row.name}" takes one argument (${names}), not ${given}.`
      : say`"${row.name}" takes ${wanted} arguments (${names}), not ${given}.`;
  c.problems.add("wrong_arguments", node, message);
}

interface CompiledArgument<Env> {
  readonly code: ArgumentCode<Env>;
  readonly type: ValueType;
}

function compileArgument<Env>(
  row: FunctionRow,
  parameter: Parameter<unknown> | undefined,
  arg: ArgumentNode,
  list: ValueType,
  c: Compilation<Env>,
): CompiledArgument<Env> {
  if (arg.kind === "arrow") return compileArrow(row, parameter, arg, list, c);
  const { code, type } = c.compile(arg.kind === "spread" ? arg.value : arg);
  if (arg.kind === "spread") {
    if (!fits(type, "list")) c.problems.add("wrong_type", arg, say`Only a list can be spread here, not ${typeName(type)}.`);
  } else if (parameter !== undefined && !fits(type, parameter.type)) {
    const wanted = parameter.type === "callback" ? say`a function such as x => x.name` : parameter.type;
    c.problems.add("wrong_type", arg, say`"${row.name}": "${parameter.name}" must be ${wanted}, not ${typeName(type)}.`);
  } else if (parameter?.type === "callback") {
    c.problems.add(
      "wrong_type",
      arg,
      say`"${row.name}": "${parameter.name}" must be a function, written here.`,
      say`For example item => item.name.`,
    );
  }
  return { code, type };
}

function compileArrow<Env>(
  row: FunctionRow,
  parameter: Parameter<unknown> | undefined,
  arrow: ArrowNode,
  list: ValueType,
  c: Compilation<Env>,
): CompiledArgument<Env> {
  const given = parameter?.given ?? [];
  if (parameter !== undefined && parameter.type !== "callback")
    c.problems.add("wrong_type", arrow, say`"${row.name}" takes no function here.`);
  else if (parameter !== undefined && arrow.params.length > given.length) {
    c.problems.add(
      "wrong_arguments",
      arrow,
      say`"${row.name}" calls the function with ${given.length} values (${given.join(", ")}) at most.`,
    );
  }
  const types = given.map((name) => givenType(name, list));
  return c.withParams(arrow.params, types, (params) => {
    const before = c.nodes;
    const body = c.compile(arrow.body);
    return {
      code: calling(
        body.code,
        params.map((param) => param.slot),
        c.nodes - before + 1,
      ),
      type: body.type,
    };
  });
}

function givenType(name: CallbackParameter, list: ValueType): ValueType {
  if (name === "index") return INTEGER;
  if (name === "key") return STRING;
  return name === "total" || name === "value" ? ANY : elementType(list);
}

/** Each call takes as many steps as the body has nodes. */
function calling<Env>(body: Code<Env>, slots: readonly number[], steps: number): ArgumentCode<Env> {
  const [a, b, d] = slots;
  return (run): Callback =>
    (first, second, third) => {
      run.step(steps);
      if (a !== undefined) run.locals[a] = first;
      if (b !== undefined) run.locals[b] = second;
      if (d !== undefined) run.locals[d] = third;
      return body(run);
    };
}

function collecting<Env>(codes: readonly ArgumentCode<Env>[]): CompiledArguments<Env>["codes"] {
  return (run, args) => {
    for (const code of codes) args.push(code(run));
    return args;
  };
}

function spreading<Env>(codes: readonly ArgumentCode<Env>[], spread: readonly boolean[]): CompiledArguments<Env>["codes"] {
  return (run, args) => {
    for (const [index, code] of codes.entries()) {
      const value = code(run);
      if (spread[index] === true) appendAll(value, args, run);
      else args.push(value);
    }
    return args;
  };
}

function appendAll<Env>(value: Argument, args: Argument[], run: Run<Env>): void {
  if (value === null || typeof value === "function") return;
  if (!isList(value)) throw fault("wrong_type", `Only a list can be spread into arguments, not ${describe(value)}.`);
  run.elements(value.length);
  for (const item of value) args.push(item);
}
