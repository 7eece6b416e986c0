import type { Json, JsonObject } from "@millrace/contract";
import { dynamic } from "@millrace/engine";
import Type from "typebox";
import { DEFAULT_MAX_BYTES, LARGEST_MAX_BYTES } from "#http/limits";
import { CONNECTION_NAME } from "#kit/connection";
import { anyValue, templateText } from "#kit/schema";

/** Without CONNECT and TRACE: they open tunnels or echo the request. */
const METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"] as const;

const CLOSED = { additionalProperties: false };

const namedValues = (description: string) =>
  dynamic(Type.Record(Type.String({ minLength: 1 }), anyValue("A value or an expression."), { description }));

const auth = Type.Union(
  [
    Type.Object(
      { type: Type.Literal("bearer"), token: Type.String({ minLength: 1, description: "Sent as `Authorization: Bearer <token>`." }) },
      CLOSED,
    ),
    Type.Object(
      {
        type: Type.Literal("basic"),
        username: Type.String({ description: "Holds no colon." }),
        password: Type.String({ description: "Any text." }),
      },
      CLOSED,
    ),
    Type.Object(
      {
        type: Type.Literal("header"),
        name: Type.String({ minLength: 1, description: "Name of the header." }),
        value: Type.String({ description: "Its value." }),
      },
      CLOSED,
    ),
  ],
  { description: "Credentials; write them as `{{ secrets.NAME }}`." },
);

const part = Type.Object(
  {
    name: Type.String({ description: "Name of the part." }),
    value: Type.Optional(anyValue("A text field: the text of the value. An array gives one part an element; null gives none.")),
    file: Type.Optional(
      anyValue(
        "A file: { name, format, base64 }, a file of the run, or an http or https URL that is fetched. An array gives several parts.",
      ),
    ),
  },
  CLOSED,
);

const body = Type.Object(
  {
    json: Type.Optional(anyValue("Sent as JSON.")),
    form: Type.Optional(namedValues("Sent as application/x-www-form-urlencoded.")),
    text: Type.Optional(templateText("Sent as text/plain in UTF-8, unless a Content-Type header says otherwise.")),
    raw: Type.Optional(
      Type.String({ description: "Bytes in base64, sent as application/octet-stream unless a Content-Type header says otherwise." }),
    ),
    multipart: Type.Optional(Type.Array(part, { minItems: 1, description: "Parts of a multipart/form-data body, in order." })),
  },
  { ...CLOSED, description: "Exactly one kind of body." },
);

const request = Type.Object(
  {
    method: Type.Optional(dynamic(Type.Enum(METHODS, { default: "GET", description: "The HTTP method." }))),
    url: Type.String({
      minLength: 1,
      description:
        "Absolute http or https URL; with a connection also a path below its base URL. Write inserted values as {{ encodeURIComponent(…) }}, or use `query`.",
    }),
    query: Type.Optional(namedValues("Appended to the URL, percent-encoded. An array repeats the name; null leaves it out.")),
    headers: Type.Optional(namedValues("Request headers. Null leaves one out.")),
    auth: Type.Optional(auth),
    body: Type.Optional(body),
  },
  { ...CLOSED, description: "What is sent." },
);

const response = Type.Object(
  {
    as: Type.Optional(
      Type.Enum(["auto", "json", "text", "file"], { default: "auto", description: "How the answer is read; auto: by its Content-Type." }),
    ),
    maxBytes: Type.Optional(
      dynamic(
        Type.Integer({
          minimum: 1,
          maximum: LARGEST_MAX_BYTES,
          default: DEFAULT_MAX_BYTES,
          description: "Bytes of the decoded answer at most.",
        }),
      ),
    ),
  },
  { ...CLOSED, description: "How the answer is read." },
);

export const configSchema = Type.Object(
  {
    connection: Type.Optional(
      Type.String({
        pattern: CONNECTION_NAME,
        maxLength: 100,
        description: "Name of a connection of the server, whose credential goes with the request.",
      }),
    ),
    request,
    response: Type.Optional(response),
    failOnStatus: Type.Optional(
      dynamic(
        Type.Boolean({ default: true, description: "Does a status outside 200-299 fail the node? If not, it is data like any other." }),
      ),
    ),
  },
  CLOSED,
);

export type Method = (typeof METHODS)[number];

export type Auth =
  | { readonly type: "bearer"; readonly token: string }
  | { readonly type: "basic"; readonly username: string; readonly password: string }
  | { readonly type: "header"; readonly name: string; readonly value: string };

/** Either `value` or `file`: the spec's check sees to it. */
export interface Part {
  readonly name: string;
  readonly value?: Json;
  readonly file?: Json;
}

/** Exactly one member: the spec's check sees to it. */
export interface Body {
  readonly json?: Json;
  readonly form?: JsonObject;
  readonly text?: Json;
  readonly raw?: string;
  readonly multipart?: readonly Part[];
}

export interface Request {
  readonly method?: Method;
  readonly url: string;
  readonly query?: JsonObject;
  readonly headers?: JsonObject;
  readonly auth?: Auth;
  readonly body?: Body;
}

export type ReadAs = "auto" | "json" | "text" | "file";

export interface Config {
  readonly connection?: string;
  readonly request: Request;
  readonly response?: { readonly as?: ReadAs; readonly maxBytes?: number };
  readonly failOnStatus?: boolean;
}
