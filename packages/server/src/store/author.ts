/** Who made a change. */
export interface Author {
  readonly kind: "member" | "key";
  readonly id: string;
  /** Email of the member, name of the key. */
  readonly name: string;
}
