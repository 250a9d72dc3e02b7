/**
 * Seconds and memory that `audit` takes on histories made for it: `npm run build && node bench/audit.mjs`.
 * Promised: 10,000 tokens over 500 updates in under 5 s and 500 MB.
 */
import { mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";

import { timeNode } from "./child.mjs";

const [main = fileURLToPath(new URL("../dist/cli/main.js", import.meta.url)), only] = process.argv.slice(2);
const RUNS = 3;
const HISTORIES = [
  { name: "20 live", live: 20, each: 20 },
  { name: "200 live", live: 200, each: 20 },
  { name: "200 live, compressed", live: 200, each: 20, gzip: true },
  { name: "200 live, among 600 others", live: 200, each: 20, others: 600 },
];
const FORMATS = ["table", "json", "html"];

const UPDATES = 500;
const DAY = 86_400;
const END = 1_800_000_000;
const SIGNATURE = "4dabf18193072939515e22adb298388d";
const TYPE = "pulumi-nodejs:dynamic/bigcommerce:PrivateToken";

for (const history of HISTORIES.filter(({ name }) => only === undefined || name === only)) {
  const folder = mkdtempSync(join(tmpdir(), "bigcommerce-tokens-bench-"));
  try {
    const { tokens, bytes } = writeHistory(folder, history);
    console.log(
      `${history.name}: ${tokens} tokens, ${UPDATES} updates, ${Math.round(bytes / 1e6)} MB of history`,
    );
    for (const format of FORMATS) {
      const runs = [];
      for (let run = 0; run < RUNS; run += 1) {
        runs.push(await timeNode([main, "audit", "--history", folder, "--format", format]));
      }
      const seconds = runs.map((run) => run.seconds.toFixed(1)).sort();
      const cpu = Math.min(...runs.map((run) => run.cpu)).toFixed(1);
      const memory = Math.max(...runs.map((run) => run.megabytes));
      console.log(
        `  ${format.padEnd(6)} ${seconds.join(", ")} s, ${cpu} s of processor; at most ${Math.round(memory)} MB`,
      );
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** As the file backend writes it; each update rotates the tokens that are the oldest. */
function writeHistory(folder, { live, each, others = 0, gzip = false }) {
  const end = gzip ? ".json.gz" : ".json";
  let bytes = 0;
  let tokens = 0;
  const put = (name, value) => {
    const text = JSON.stringify(value);
    const path = join(folder, `${name}${end}`);
    writeFileSync(path, gzip ? gzipSync(text, { level: 1 }) : text);
    bytes += statSync(path).size;
  };
  const slots = [];
  const rest = Array.from({ length: others }, (_, at) => other(at));
  for (let update = 0; update < UPDATES; update += 1) {
    const endTime = END - (UPDATES - update) * DAY;
    const count = update === 0 ? live : each;
    for (let at = 0; at < count; at += 1) {
      const slot = update === 0 ? at : (update * each + at) % live;
      slots[slot] = { number: tokens, issued: endTime, previous: slots[slot] };
      delete slots[slot].previous?.previous;
      tokens += 1;
    }
    const name = `dev-${endTime}000000000`;
    const resourceChanges = update === 0 ? { create: live } : { replace: each, same: live + others - each };
    put(`${name}.history`, {
      ...{
        kind: "update",
        startTime: endTime - 60,
        message: `update ${update}`,
        environment: { "git.author": "Ann" },
      },
      ...{ config: {}, version: 0, result: "succeeded", endTime, resourceChanges },
    });
    const resources = [
      {
        urn: "urn:pulumi:dev::shop::pulumi:pulumi:Stack::shop-dev",
        custom: false,
        type: "pulumi:pulumi:Stack",
      },
      ...slots.map(resource),
      ...rest,
    ];
    const latest = {
      manifest: { time: time(endTime), magic: "", version: "v3.259.0" },
      resources,
      metadata: {},
    };
    put(`${name}.checkpoint`, { version: 3, checkpoint: { stack: "organization/shop/dev", latest } });
  }
  return { tokens, bytes };
}

function resource({ number, issued, previous }, slot) {
  const name = `token-${slot}`;
  const provider = "file://node_modules/pulumi-bigcommerce-tokens/dist/provider/lifecycle/private.js".padEnd(
    260,
    "#",
  );
  const inputs = {
    ...{ __provider: provider, channelIds: [1, 2, 3], expiresAt: time(issued + 90 * DAY), lifetime: "90d" },
    ...{
      label: `organization/shop/dev/private/${name}`,
      onDelete: "revoke",
      overlap: "auto",
      rotateBefore: "30d",
    },
    ...{ scopes: ["Customer", "Unauthenticated"], storeHash: "abc123" },
  };
  const outputs = {
    ...inputs,
    ...{ apiAccount: "an-api-account", fingerprint: print(number), issuedAt: time(issued) },
    ...{ listName: `${inputs.label}#${print(number)}${print(number)}`, rotateAt: time(issued + 60 * DAY) },
    token: secret(number),
    ...(previous && {
      previous: {
        ...{
          id: `jti-${previous.number}`,
          fingerprint: print(previous.number),
          issuedAt: time(previous.issued),
        },
        ...{ expiresAt: time(previous.issued + 90 * DAY), fate: "letExpire", storeHash: "abc123" },
        ...{
          channelIds: [1, 2, 3],
          scopes: ["Customer", "Unauthenticated"],
          apiAccount: "an-api-account",
        },
      },
      previousToken: secret(previous.number),
    }),
  };
  const urn = `urn:pulumi:dev::shop::${TYPE}::${name}`;
  return {
    urn,
    custom: true,
    id: `jti-${number}`,
    type: TYPE,
    inputs,
    outputs,
    created: time(issued),
    modified: time(issued),
  };
}

function other(number) {
  const urn = `urn:pulumi:dev::shop::aws:s3/bucket:Bucket::bucket-${number}`;
  const outputs = {
    arn: `arn:aws:s3:::bucket-${number}`,
    tags: { n: String(number) },
    policy: "x".repeat(1_000),
  };
  return {
    urn,
    custom: true,
    id: `bucket-${number}`,
    type: "aws:s3/bucket:Bucket",
    inputs: outputs,
    outputs,
  };
}

function secret(number) {
  return {
    [SIGNATURE]: "1b47061264138c4ac30d75fd1eb44270",
    ciphertext: `v1:${print(number)}:${print(number).repeat(50)}`,
  };
}

function print(number) {
  return number.toString(16).padStart(16, "0");
}

function time(seconds) {
  return new Date(seconds * 1_000).toISOString().replace(".000Z", "Z");
}
