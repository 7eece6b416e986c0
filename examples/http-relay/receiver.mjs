// The other side of the relay: a shop's order desk, with its moods.
//   node receiver.mjs [port]            (4700; 0: any free port)
//
// POST /orders        takes an order once for each Idempotency-Key. An order whose id begins with `flaky` is refused twice (503) before it is taken,
//                     one that begins with `down` for ever; one without lines is wrong (422).
// POST /dead-letters  keeps what could not be delivered.
// GET  /received      what was taken, and how many requests it took.
import { createServer } from "node:http";

const REFUSALS_OF_FLAKY = 2;

/** Idempotency-Key -> the answer that it got, so that a second request is no second order. */
const taken = new Map();
const refusals = new Map();
const deadLetters = [];
let requests = 0;

const server = createServer(async (request, response) => {
  const route = `${request.method} ${request.url}`;
  const body = await jsonOf(request);
  const [status, answer] = answerTo(route, body, request.headers["idempotency-key"]);
  const headers = status === 503 ? { "Retry-After": "0" } : {};
  response.writeHead(status, { "Content-Type": "application/json", ...headers }).end(JSON.stringify(answer));
  console.log(`${route}  ${body?.id ?? ""}  ${status}`);
});

function answerTo(route, body, key) {
  if (route === "GET /received") return [200, { orders: [...taken.values()], deadLetters, requests }];
  if (route === "POST /dead-letters") return [201, { kept: deadLetters.push(body) }];
  if (route !== "POST /orders") return [404, { error: `there is no ${route}` }];
  requests++;
  return takeOrder(body, key);
}

function takeOrder(order, key) {
  if (!Array.isArray(order?.lines) || order.lines.length === 0) return [422, { error: "an order needs lines" }];
  if (order.id.startsWith("down") || isMoody(order, key)) return [503, { error: "come again" }];
  if (!taken.has(key)) taken.set(key, { number: 1001 + taken.size, id: order.id });
  return [201, taken.get(key)];
}

function isMoody(order, key) {
  const before = refusals.get(key) ?? 0;
  refusals.set(key, before + 1);
  return order.id.startsWith("flaky") && before < REFUSALS_OF_FLAKY;
}

async function jsonOf(request) {
  let text = "";
  for await (const chunk of request.setEncoding("utf8")) text += chunk;
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

server.listen(Number(process.argv[2] ?? 4700), "127.0.0.1", () => console.log(`listening on http://127.0.0.1:${server.address().port}`));
