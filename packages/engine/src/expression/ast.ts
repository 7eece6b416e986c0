/** The language: these nodes and no others. What acorn parses is rebuilt as them, or refused. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

export type Expression =
  | LiteralNode
  | NameNode
  | MemberNode
  | IndexNode
  | CallNode
  | UnaryNode
  | ChainNode
  | ConditionalNode
  | ListNode
  | ObjectNode
  | TemplateNode;

export interface LiteralNode extends Span {
  readonly kind: "literal";
  readonly value: string | number | boolean | null;
}

export interface NameNode extends Span {
  readonly kind: "name";
  readonly name: string;
}

/** `object.name`, or `object["name"]` (quoted). */
export interface MemberNode extends Span {
  readonly kind: "member";
  readonly object: Expression;
  readonly name: string;
  readonly nameSpan: Span;
  readonly quoted: boolean;
}

export interface IndexNode extends Span {
  readonly kind: "index";
  readonly object: Expression;
  readonly index: Expression;
}

export interface CallNode extends Span {
  readonly kind: "call";
  readonly callee: Expression;
  readonly args: readonly ArgumentNode[];
}

export type ArgumentNode = Expression | SpreadNode | ArrowNode;

export interface SpreadNode extends Span {
  readonly kind: "spread";
  readonly value: Expression;
}

export interface ArrowNode extends Span {
  readonly kind: "arrow";
  readonly params: readonly NameNode[];
  readonly body: Expression;
}

export type UnaryOperator = "-" | "+" | "!";

export interface UnaryNode extends Span {
  readonly kind: "unary";
  readonly operator: UnaryOperator;
  readonly operand: Expression;
}

export type BinaryOperator = "+" | "-" | "*" | "/" | "%" | "==" | "!=" | "<" | "<=" | ">" | ">=";
export type LogicalOperator = "&&" | "||" | "??";

/** `a + b + c - d`: the operators of a left-leaning tree in a row, so that long sums are not deep ones. */
export interface ChainNode extends Span {
  readonly kind: "chain";
  readonly first: Expression;
  readonly links: readonly ChainLink[];
}

export interface ChainLink extends Span {
  readonly operator: BinaryOperator | LogicalOperator;
  readonly operand: Expression;
}

export interface ConditionalNode extends Span {
  readonly kind: "conditional";
  readonly test: Expression;
  readonly yes: Expression;
  readonly no: Expression;
}

export interface ListNode extends Span {
  readonly kind: "list";
  readonly items: readonly (Expression | SpreadNode)[];
}

export interface ObjectNode extends Span {
  readonly kind: "object";
  readonly members: readonly (ObjectMember | SpreadNode)[];
}

export interface ObjectMember extends Span {
  readonly kind: "pair";
  readonly key: string | Expression;
  /** `{a}` for `{a: a}`. */
  readonly shorthand: boolean;
  readonly value: Expression;
}

/** A template literal: one text more than values. */
export interface TemplateNode extends Span {
  readonly kind: "template";
  readonly texts: readonly string[];
  readonly values: readonly Expression[];
}
