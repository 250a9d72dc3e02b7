/** What the process of the official installer meets. */
export type Network =
  /** It ends at once: the quickest failure, for tests of what comes next. */
  | { readonly kind: "offline" }
  /** The SDK's own request is refused, or never answered (a file `begun` stands first). */
  | { readonly kind: "refused" | "silent" }
  /** Bytes reach the disk for a while, then it fails. */
  | { readonly kind: "trickles"; readonly forMs: number }
  /** get.pulumi.com answers with this shell script, which the SDK runs. */
  | { readonly kind: "serves"; readonly script: string };

/** A module for `node --import` that changes nothing in other processes. */
export function inInstaller(network: Network): string {
  return `if (process.argv[1]?.endsWith("official-installer.mjs")) { ${behaviour(network)} }`;
}

function behaviour(network: Network): string {
  switch (network.kind) {
    case "offline":
      return `console.error("offline"); process.exit(1);`;
    case "refused":
      return `globalThis.fetch = async () => { throw new TypeError("fetch failed"); };`;
    case "silent":
      return `
        const { writeFileSync } = await import("node:fs");
        writeFileSync(process.env.TMPDIR + "/begun", "");
        globalThis.fetch = () => new Promise(() => setInterval(() => {}, 1000));`;
    case "serves":
      return `globalThis.fetch = async () => new Response(${JSON.stringify(network.script)});`;
    case "trickles":
      return `
        const { appendFileSync } = await import("node:fs");
        for (const end = Date.now() + ${network.forMs}; Date.now() < end; ) {
          appendFileSync(process.env.TMPDIR + "/part", "x");
          await new Promise((resolve) => setTimeout(resolve, 50));
        }
        console.error("trickled to its end");
        process.exit(1);`;
  }
}
