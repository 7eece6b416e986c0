import type { FastifyReply, FastifyRequest } from "fastify";
import type { HttpPorts } from "#http/ports";

/** Answers one route; what it throws becomes an error body. */
export type Handler = (ports: HttpPorts, request: FastifyRequest, reply: FastifyReply) => Promise<FastifyReply>;
