import type { FastifyReply, FastifyRequest } from "fastify";
import type { HttpPorts } from "#http/ports";
import type { WireRequest } from "#http/request";

/** Answers one route; what it throws becomes an error body. */
export type Handler = (ports: HttpPorts, request: FastifyRequest, reply: FastifyReply) => Promise<FastifyReply>;

/** The body of a 200, and the run that it is about. */
export interface RunAnswer {
  readonly runId: string;
  /** JSON text. */
  readonly body: string;
  /** An equal request before this one began the run. */
  readonly replayed?: boolean;
}

/** Answers one route of the run API; what it throws becomes an error body. */
export type RunHandler = (ports: HttpPorts, request: WireRequest, body: unknown) => Promise<RunAnswer>;
