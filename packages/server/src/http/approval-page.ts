import { createHash } from "node:crypto";
import { isJsonObject, type JsonObject } from "@millrace/contract";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { linkedDecider } from "#approvals/decider";
import type { ApprovalTicket } from "#approvals/links";
import { defaultsOf, readFields } from "#approvals/page/fields";
import { type PageInput, renderApproval, renderUnknown } from "#approvals/page/render";
import { STYLE } from "#approvals/page/style";
import type { NewAuditEntry } from "#deed";
import { Deed } from "#deed";
import { appendAudit } from "#http/audit";
import { clientAddress } from "#http/client-address";
import type { HttpPorts } from "#http/ports";
import { header, languageOf } from "#http/request";
import { RequestError } from "#request-error";
import type { ApprovalRow } from "#store/approval-store";

const PATH = "/approvals/:token";

/** A form of 50 fields is far below. */
const MAX_FORM_BYTES = 262_144;

/** No script, nothing from elsewhere, no style but the one in the page, no framing. */
const POLICY = [
  "default-src 'none'",
  `style-src 'sha256-${createHash("sha256").update(STYLE).digest("base64")}'`,
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'none'",
].join("; ");

/** The address is the secret: it goes nowhere as a referrer, and is kept nowhere. */
const HEADERS = {
  "content-type": "text/html; charset=utf-8",
  "content-security-policy": POLICY,
  "x-content-type-options": "nosniff",
  "referrer-policy": "no-referrer",
  "x-robots-tag": "noindex, nofollow",
  "cache-control": "no-store",
  vary: "Accept-Language",
};

interface Opened {
  readonly token: string;
  readonly ticket: ApprovalTicket;
  readonly row: ApprovalRow;
}

/** The pages behind signed links to approvals. Looking decides nothing: mail scanners look at every link. */
export function mountApprovalPage(server: FastifyInstance, ports: HttpPorts): void {
  server.route({
    method: ["GET", "HEAD"],
    url: PATH,
    handler: async (request, reply) => {
      const opened = await open(ports, request);
      return opened ? show(ports, request, reply, opened) : refuse(request, reply);
    },
  });
  server.route({
    method: "POST",
    url: PATH,
    config: { rawBody: true },
    bodyLimit: MAX_FORM_BYTES,
    handler: async (request, reply) => {
      const opened = await open(ports, request);
      const sent = new URLSearchParams(Buffer.isBuffer(request.body) ? request.body.toString("utf8") : "");
      if (!opened || !isFromPage(ports, request, opened.token, sent)) return refuse(request, reply);
      return decide(ports, request, reply, opened, sent);
    },
  });
}

async function open({ approvals }: HttpPorts, request: FastifyRequest): Promise<Opened | null> {
  const { token } = request.params as { readonly token: string };
  const opened = await approvals.open(token);
  return opened && { token, ...opened };
}

/** A page of another site cannot know the proof, and browsers say where a form comes from. */
function isFromPage({ approvals }: HttpPorts, request: FastifyRequest, token: string, sent: URLSearchParams): boolean {
  const site = header(request, "sec-fetch-site");
  return (site === null || site === "same-origin" || site === "none") && approvals.isProof(token, sent.get("proof") ?? "");
}

async function decide(
  ports: HttpPorts,
  request: FastifyRequest,
  reply: FastifyReply,
  opened: Opened,
  sent: URLSearchParams,
): Promise<FastifyReply> {
  const { ticket, row, token } = opened;
  const { form, actions } = row.about;
  const action = actions.find(({ name }) => name === sent.get("action"));
  const comment = (sent.get("comment") ?? "").replaceAll("\r\n", "\n");
  const values: JsonObject = isJsonObject(form) ? readFields(form, sent) : {};
  const given = { action: sent.get("action") ?? "", comment, ...(action?.form && { form: values }) };
  try {
    const deed = new Deed(() => described(ports, request, opened, given.action, 200));
    const decider = linkedDecider(ticket.person);
    await deed.carryOut(() => ports.approvals.decide(ticket.tenantId, row.id, decider, given, languageOf(request)));
    if (!(await deed.close())) await appendAudit(ports, described(ports, request, opened, given.action, 200));
    // A reload of what follows sends nothing again.
    return reply.code(303).header("location", `/approvals/${token}`).headers(HEADERS).send("");
  } catch (error) {
    if (!(error instanceof RequestError)) throw error;
    await appendAudit(ports, described(ports, request, opened, given.action, error.type === "conflict" ? 409 : 400));
    const now = { ...opened, row: await ports.approvals.get(ticket.tenantId, row.id) };
    if (error.type !== "invalid_request") return show(ports, request, reply, now, { status: 409 });
    return show(ports, request, reply, now, { status: 400, values, comment, faults: error.details.errors ?? [] });
  }
}

type Again = Partial<Pick<PageInput, "values" | "comment" | "faults">> & { readonly status?: number };

function show({ approvals }: HttpPorts, request: FastifyRequest, reply: FastifyReply, opened: Opened, again: Again = {}): FastifyReply {
  const { token, ticket, row } = opened;
  const { form } = row.about;
  const { person } = linkedDecider(ticket.person);
  const { status = 200, values = isJsonObject(form) ? defaultsOf(form) : {}, comment = "", faults = [] } = again;
  const own = row.answers.find((answer) => answer.person === person) ?? null;
  const shown = { row, person: ticket.person, own, language: languageOf(request), proof: approvals.proof(token), values, comment, faults };
  return reply.code(status).headers(HEADERS).send(renderApproval(shown));
}

function refuse(request: FastifyRequest, reply: FastifyReply): FastifyReply {
  return reply
    .code(404)
    .headers(HEADERS)
    .send(renderUnknown(languageOf(request)));
}

/** There is no caller, but a name that an operator gave. */
function described(ports: HttpPorts, request: FastifyRequest, { ticket, row }: Opened, action: string, status: number) {
  const entry: NewAuditEntry = {
    at: ports.clock.now(),
    actor: { kind: "nobody", id: null, name: ticket.person },
    action: "decideApproval",
    targets: { approval: row.id, action: action.slice(0, 64) },
    address: clientAddress(request, ports.proxies),
    status,
    result: status < 400 ? "done" : "refused",
    requestId: request.id,
  };
  return { tenantId: ticket.tenantId, entry };
}
