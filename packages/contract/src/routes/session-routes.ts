import * as M from "#management";
import * as P from "#members";
import { KEY_ID } from "#routes/management-examples";
import type { Route } from "#routes/route";

const base = { mark: "own", tag: "Sessions" } as const;
const MEMBER_ID = "66f0d0a1b3d4e5f607182a31";
const SESSION_ID = "66f0d0b2b3d4e5f607182a32";
const TOKEN = "EXAMPLEexampleEXAMPLEexampleEXAMPLEexamp";
const PASSWORD = "a long sentence of your own";

const member = {
  memberId: MEMBER_ID,
  email: "ada@example.com",
  role: "owner",
  scopes: ["admin"],
  workflows: [],
  serverVersion: "0.1.0",
} as const;
const begun = { 200: { description: "A session; its cookie is in Set-Cookie.", schema: M.Whoami, examples: { member } } } as const;

export const SESSION_ROUTES = [
  {
    ...base,
    id: "getSetup",
    method: "GET",
    path: "/api/v1/setup",
    auth: "none",
    summary: "Has the server an owner",
    responses: {
      200: { description: "Whether the first owner is still to be made.", schema: P.SetupView, examples: { needed: { needed: true } } },
    },
    errors: [],
  },
  {
    ...base,
    id: "setUp",
    method: "POST",
    path: "/api/v1/setup",
    auth: "none",
    summary: "Make the first owner",
    body: { schema: P.SetUpBody, examples: { owner: { token: TOKEN, email: "ada@example.com", name: "Ada", password: PASSWORD } } },
    responses: begun,
    errors: ["unauthorized", "conflict", "rate_limited", "overloaded"],
  },
  {
    ...base,
    id: "signIn",
    method: "POST",
    path: "/api/v1/sign-in",
    auth: "none",
    summary: "Sign in",
    body: { schema: P.SignInBody, examples: { password: { email: "ada@example.com", password: PASSWORD } } },
    responses: begun,
    errors: ["unauthorized", "rate_limited", "overloaded"],
  },
  {
    ...base,
    id: "signInByLink",
    method: "POST",
    path: "/api/v1/sign-in/link",
    auth: "none",
    summary: "Sign in with a one-time link",
    body: { schema: P.SignInByLinkBody, examples: { link: { token: TOKEN } } },
    responses: {
      200: {
        description: "A session of the key that the link was made for; its cookie is in Set-Cookie.",
        schema: M.Whoami,
        examples: { key: { keyId: KEY_ID, role: "owner", scopes: ["admin"], workflows: [], serverVersion: "0.1.0" } },
      },
    },
    errors: ["unauthorized", "rate_limited"],
  },
  {
    ...base,
    id: "signInLocally",
    method: "POST",
    path: "/api/v1/sign-in/local",
    auth: "none",
    summary: "Sign in to `millrace dev` from its own machine",
    description:
      "Answers `unauthorized` on every other server, behind a proxy, and to whatever is not a page of this server on a loopback address.",
    responses: {
      200: {
        description: "A session of the admin key of `millrace dev`; its cookie is in Set-Cookie.",
        schema: M.Whoami,
        examples: { key: { keyId: KEY_ID, role: "owner", scopes: ["admin"], workflows: [], serverVersion: "0.1.0" } },
      },
    },
    errors: ["unauthorized"],
  },
  {
    ...base,
    id: "makeSignInLink",
    method: "POST",
    path: "/api/v1/sign-in-links",
    auth: "key:admin",
    permission: "view",
    summary: "Make a link that opens the console",
    description: "For an admin key, not for a session. The link works once, for an hour, until the server stops.",
    responses: {
      201: {
        description: "The link, shown this once.",
        schema: P.SignInLink,
        examples: { link: { url: `http://127.0.0.1:7788/login#link=${TOKEN}`, expiresAt: 1790000600000 } },
      },
    },
    errors: [],
  },
  {
    ...base,
    id: "signOut",
    method: "POST",
    path: "/api/v1/sign-out",
    auth: "session",
    permission: "view",
    summary: "End this session",
    responses: { 204: { description: "Ended, on the server too." } },
    errors: [],
  },
  {
    ...base,
    id: "listSessions",
    method: "GET",
    path: "/api/v1/sessions",
    auth: "session",
    permission: "view",
    summary: "List your own sessions",
    responses: {
      200: {
        description: "All that can still be used, newest first.",
        schema: P.SessionList,
        examples: {
          one: {
            data: [
              {
                id: SESSION_ID,
                createdAt: 1790000000000,
                lastUsedAt: 1790000060000,
                expiresAt: 1792592000000,
                address: "192.0.2.10",
                userAgent: "Mozilla/5.0",
                current: true,
              },
            ],
          },
        },
      },
    },
    errors: [],
  },
  {
    ...base,
    id: "endSession",
    method: "DELETE",
    path: "/api/v1/sessions/{session}",
    auth: "session",
    permission: "view",
    summary: "End one of your own sessions",
    responses: { 204: { description: "Ended." } },
    errors: ["not_found"],
  },
  {
    ...base,
    id: "changePassword",
    method: "PUT",
    path: "/api/v1/password",
    auth: "session",
    permission: "view",
    summary: "Change your own password",
    description: "Ends all other sessions of the member.",
    body: { schema: P.ChangePasswordBody, examples: { change: { current: PASSWORD, password: "another long sentence" } } },
    responses: { 204: { description: "Changed." } },
    errors: ["overloaded"],
  },
] as const satisfies readonly Route[];
