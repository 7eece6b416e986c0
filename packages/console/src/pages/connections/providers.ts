import { type Credential, DATABASE_PROVIDERS, MODEL_PROVIDERS } from "@millrace/contract";

export interface Provider {
  readonly name: string;
  readonly title: string;
  readonly group: "models" | "databases" | "others";
  /** Where it is, when nothing else is said; null: every connection says it. */
  readonly baseUrl: string | null;
  readonly placeholder: string;
}

export const PROVIDERS: readonly Provider[] = [
  ...Object.entries(MODEL_PROVIDERS).map(
    ([name, { title, baseUrl }]): Provider => ({
      name,
      title,
      group: "models",
      baseUrl,
      placeholder: baseUrl ?? "https://models.example.com/v1",
    }),
  ),
  ...Object.entries(DATABASE_PROVIDERS).map(
    ([name, { title, scheme, port }]): Provider => ({
      name,
      title,
      group: "databases",
      baseUrl: null,
      placeholder: port === null ? `${scheme}orders.db` : `${scheme}//db.example.com:${port}/orders`,
    }),
  ),
  { name: "http", title: "HTTP", group: "others", baseUrl: null, placeholder: "https://api.example.com" },
  { name: "mcp", title: "MCP", group: "others", baseUrl: null, placeholder: "https://mcp.example.com/mcp" },
];

export const GROUPS = ["models", "databases", "others"] as const;

export type CredentialType = Credential["type"];

/** What kinds of credentials a provider may take, the usual one first. */
export function credentialTypes({ group, name }: Provider): readonly CredentialType[] {
  if (group === "models") return ["key"];
  if (group === "databases") return name === "sqlite" ? [] : ["basic"];
  return ["bearer", "basic", "header", "query"];
}
