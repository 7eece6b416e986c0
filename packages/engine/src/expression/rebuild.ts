import { type Said, say } from "@millrace/contract";
import type * as acorn from "acorn";
import type {
  ArgumentNode,
  ArrowNode,
  BinaryOperator,
  ChainLink,
  Expression,
  LogicalOperator,
  MemberNode,
  NameNode,
  ObjectMember,
  Span,
  SpreadNode,
  UnaryOperator,
} from "#expression/ast";
import { TOO_DEEP } from "#expression/depth";
import { MAX_NESTING } from "#expression/limits";
import { isForbidden } from "#expression/names";
import type { Problems } from "#expression/problems";
import { refusal } from "#expression/refusals";

/** Rebuilds what acorn parsed from the nodes of the language. Anything without a line here is a problem: a whitelist by construction. */
export function rebuild(parsed: acorn.Expression, offset: number, problems: Problems): Expression | null {
  const builder = new Builder(offset, problems);
  const expression = builder.expression(parsed);
  return problems.none ? expression : null;
}

const UNARY: ReadonlySet<string> = new Set<UnaryOperator>(["-", "+", "!"]);
const BINARY: ReadonlyMap<string, BinaryOperator> = new Map<string, BinaryOperator>([
  ...(["+", "-", "*", "/", "%", "==", "!=", "<", "<=", ">", ">="] as const).map((operator): [string, BinaryOperator] => [
    operator,
    operator,
  ]),
  ["===", "=="],
  ["!==", "!="],
]);

class Builder {
  private depth = 0;
  /** Said once: what is too deep is so in many places. */
  private deep = false;
  private readonly offset: number;
  private readonly problems: Problems;

  constructor(offset: number, problems: Problems) {
    this.offset = offset;
    this.problems = problems;
  }

  expression(node: acorn.Expression): Expression {
    if (this.depth === MAX_NESTING) return this.refuseDepth(node);
    this.depth++;
    const built = this.build(node);
    this.depth--;
    return built;
  }

  private build(node: acorn.Expression): Expression {
    switch (node.type) {
      case "Literal":
        return this.literal(node);
      case "Identifier":
        return this.name(node);
      case "MemberExpression":
        return this.member(node);
      case "ChainExpression":
      case "ParenthesizedExpression":
        return this.build(node.expression);
      case "CallExpression":
        return this.call(node);
      case "UnaryExpression":
        return this.unary(node);
      case "BinaryExpression":
      case "LogicalExpression":
        return this.chain(node);
      case "ConditionalExpression":
        return this.conditional(node);
      case "ArrayExpression":
        return { kind: "list", ...this.span(node), items: node.elements.map((item) => this.item(item, node)) };
      case "ObjectExpression":
        return { kind: "object", ...this.span(node), members: node.properties.map((member) => this.objectMember(member)) };
      case "TemplateLiteral":
        return this.template(node);
      default:
        return this.refuse(node);
    }
  }

  private span(node: { start: number; end: number }): Span {
    return { start: node.start + this.offset, end: node.end + this.offset };
  }

  /** Adds the problem, and stands null in its place so that the rest is still looked at. */
  private refuse(node: { type: string; start: number; end: number }): Expression {
    const { code, message, hint } = refusal(node.type);
    this.problems.add(code, this.span(node), message, hint);
    return { kind: "literal", ...this.span(node), value: null };
  }

  private refuseDepth(node: acorn.Expression): Expression {
    if (!this.deep) this.problems.add("too_deep", this.span(node), TOO_DEEP);
    this.deep = true;
    return { kind: "literal", ...this.span(node), value: null };
  }

  private unsupported(node: { start: number; end: number }, message: Said, hint?: Said): void {
    this.problems.add("unsupported_syntax", this.span(node), message, hint);
  }

  private forbid(name: string, node: { start: number; end: number }): void {
    if (isForbidden(name)) this.problems.add("forbidden_name", this.span(node), say`"${name}" is never read.`);
  }

  private literal(node: acorn.Literal): Expression {
    const { value, raw = "" } = node;
    if (node.regex !== undefined) return this.refuse({ ...node, type: "RegularExpression" });
    if (node.bigint !== undefined) return this.refuse({ ...node, type: "BigInt" });
    if (typeof value === "number") this.checkNumber(value, raw, node);
    if (typeof value === "string" && /^(?:[^\\]|\\[^0-9]|\\0(?![0-9]))*$/s.exec(raw) === null) {
      this.unsupported(node, say`Octal escapes are not part of the expression language.`, say`Write \\u0041 or the character itself.`);
    }
    const plain = typeof value === "string" || typeof value === "number" || typeof value === "boolean" ? value : null;
    return { kind: "literal", ...this.span(node), value: plain };
  }

  private checkNumber(value: number, raw: string, node: acorn.Literal): void {
    const integer = /^[\d_]+$/.test(raw);
    if (/^0[0-9_]/.test(raw)) this.unsupported(node, say`A number has no leading zero.`, say`Octal numbers are not part of the language.`);
    else if (!Number.isFinite(value) || (integer && !Number.isSafeInteger(value))) {
      const message = say`The number is too large to be held exactly.`;
      this.problems.add("number_out_of_range", this.span(node), message, say`Write it in quotes, as text.`);
    }
  }

  private name(node: acorn.Identifier): NameNode {
    this.forbid(node.name, node);
    return { kind: "name", ...this.span(node), name: node.name };
  }

  private member(node: acorn.MemberExpression): Expression {
    const object = this.object(node.object);
    const { property } = node;
    if (!node.computed && property.type === "Identifier") {
      this.forbid(property.name, property);
      return this.memberNode(node, object, property.name, property, false);
    }
    if (property.type === "PrivateIdentifier") return this.refuse(property);
    if (property.type === "Literal" && typeof property.value === "string" && !isForbidden(property.value)) {
      this.expression(property);
      return this.memberNode(node, object, property.value, property, true);
    }
    return { kind: "index", ...this.span(node), object, index: this.expression(property) };
  }

  private memberNode(node: acorn.MemberExpression, object: Expression, name: string, at: acorn.Node, quoted: boolean): MemberNode {
    return { kind: "member", ...this.span(node), object, name, nameSpan: this.span(at), quoted };
  }

  private object(node: acorn.Expression | acorn.Super): Expression {
    return node.type === "Super" ? this.refuse(node) : this.expression(node);
  }

  private call(node: acorn.CallExpression): Expression {
    if (node.optional === true)
      this.unsupported(node, say`A call cannot be optional.`, say`A method of null gives null: write value.method().`);
    return { kind: "call", ...this.span(node), callee: this.object(node.callee), args: node.arguments.map((arg) => this.argument(arg)) };
  }

  private argument(node: acorn.Expression | acorn.SpreadElement): ArgumentNode {
    if (node.type === "SpreadElement") return this.spread(node);
    if (node.type === "ParenthesizedExpression") return this.argument(node.expression);
    return node.type === "ArrowFunctionExpression" ? this.arrow(node) : this.expression(node);
  }

  private spread(node: acorn.SpreadElement): SpreadNode {
    return { kind: "spread", ...this.span(node), value: this.expression(node.argument) };
  }

  private arrow(node: acorn.ArrowFunctionExpression): ArrowNode {
    if (node.async) this.unsupported(node, say`An arrow function cannot be async.`);
    const params = node.params.map((param) => this.parameter(param));
    const body = node.body.type === "BlockStatement" ? this.refuse(node.body) : this.expression(node.body);
    return { kind: "arrow", ...this.span(node), params, body };
  }

  private parameter(node: acorn.Pattern): NameNode {
    if (node.type === "Identifier") return this.name(node);
    this.unsupported(node, say`A parameter is a plain name.`, say`No default, no rest, no destructuring: write x => x.a.`);
    return { kind: "name", ...this.span(node), name: "" };
  }

  private unary(node: acorn.UnaryExpression): Expression {
    if (!UNARY.has(node.operator)) return this.refuse({ ...node, type: node.operator });
    return { kind: "unary", ...this.span(node), operator: node.operator as UnaryOperator, operand: this.expression(node.argument) };
  }

  /** Walks down the left side in a loop: `a + b + c + …` may be long without being deep. */
  private chain(node: acorn.BinaryExpression | acorn.LogicalExpression): Expression {
    const links: ChainLink[] = [];
    let left: acorn.Expression = node;
    while (left.type === "BinaryExpression" || left.type === "LogicalExpression") {
      links.push(this.link(left));
      if (left.left.type === "PrivateIdentifier") return this.refuse(left.left);
      left = left.left;
    }
    return { kind: "chain", ...this.span(node), first: this.expression(left), links: links.reverse() };
  }

  private link(node: acorn.BinaryExpression | acorn.LogicalExpression): ChainLink {
    const operator = node.type === "LogicalExpression" ? (node.operator as LogicalOperator) : BINARY.get(node.operator);
    if (operator === undefined) this.refuse({ ...node, type: node.operator });
    return { ...this.span(node), operator: operator ?? "+", operand: this.expression(node.right) };
  }

  private conditional(node: acorn.ConditionalExpression): Expression {
    const [test, yes, no] = [this.expression(node.test), this.expression(node.consequent), this.expression(node.alternate)];
    return { kind: "conditional", ...this.span(node), test, yes, no };
  }

  private item(node: acorn.Expression | acorn.SpreadElement | null, list: acorn.ArrayExpression): Expression | SpreadNode {
    if (node?.type === "SpreadElement") return this.spread(node);
    if (node !== null) return this.expression(node);
    this.unsupported(list, say`A list has no holes.`, say`Write null for an empty place.`);
    return { kind: "literal", ...this.span(list), value: null };
  }

  private objectMember(node: acorn.Property | acorn.SpreadElement): ObjectMember | SpreadNode {
    if (node.type === "SpreadElement") return this.spread(node);
    if (node.kind !== "init" || node.method) this.unsupported(node, say`An object has no methods, getters or setters.`);
    const key = node.computed ? this.expression(node.key) : this.key(node.key);
    const value = node.method || node.kind !== "init" ? this.nothing(node) : this.expression(node.value);
    return { kind: "pair", ...this.span(node), key, shorthand: node.shorthand, value };
  }

  private nothing(node: acorn.Node): Expression {
    return { kind: "literal", ...this.span(node), value: null };
  }

  private key(node: acorn.Expression): string {
    if (node.type === "Identifier") return node.name;
    const key = this.expression(node);
    return key.kind === "literal" ? String(key.value) : "";
  }

  private template(node: acorn.TemplateLiteral): Expression {
    const texts = node.quasis.map((quasi) => quasi.value.cooked ?? "");
    return { kind: "template", ...this.span(node), texts, values: node.expressions.map((value) => this.expression(value)) };
  }
}
