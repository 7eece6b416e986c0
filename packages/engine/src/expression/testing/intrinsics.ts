const INTRINSICS = [
  Object,
  Object.prototype,
  Array,
  Array.prototype,
  Function.prototype,
  String.prototype,
  Number.prototype,
  Boolean.prototype,
  RegExp.prototype,
  Map.prototype,
  Set.prototype,
  Date.prototype,
  Math,
  JSON,
  Intl,
];

/** The own keys of what every host object inherits from: an expression must never change them. */
export function intrinsicKeys(): readonly (readonly string[])[] {
  return [...INTRINSICS.map((object) => Reflect.ownKeys(object).map(String)), Reflect.ownKeys(globalThis).map(String)];
}
