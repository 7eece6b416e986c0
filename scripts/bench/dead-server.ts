import { createServer } from "node:net";
import { announce } from "./announce.ts";

// Takes connections and never answers.
const server = createServer((socket) => socket.on("error", () => undefined).resume());
announce(server);
