/**
 * Ports of its own for each process that mocha runs engine tests in: two sandboxes that start at the same moment would
 * choose the same one now and then.
 */
const share = 3000;
const worker = Number(process.env["MOCHA_WORKER_ID"] ?? 0) % 4;
const lowest = 20_000 + worker * share;
process.env["ACKONE_SANDBOX_PORTS"] ??= `${lowest}-${lowest + share}`;
