import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { mkdtempSync } from "node:fs";
import { rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Readable, Writable } from "node:stream";
import { pathToFileURL } from "node:url";

/** Debian's package, or any other build on PATH; undefined where there is none. */
export function chromiumOnPath(): string | undefined {
  for (const name of ["chromium", "chromium-browser", "google-chrome"]) {
    try {
      return execFileSync("which", [name], { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] }).trim();
    } catch {
      // The next one.
    }
  }
  return undefined;
}

export interface AxNode {
  readonly role?: { readonly value: string };
  readonly name?: { readonly value: string };
  readonly ignored?: boolean;
}

type Result = Readonly<Record<string, unknown>>;

/** A real browser with one page, spoken to through pipes: https://chromedevtools.github.io/devtools-protocol/ */
export class Chromium {
  /** Addresses that the page asked for, its own file aside. */
  readonly requested: string[] = [];
  /** What the browser complained about: exceptions, and what the page's policy refused. */
  readonly complaints: string[] = [];
  private readonly waiting = new Map<number, { resolve: (result: Result) => void; reject: (error: Error) => void }>(); // prettier-ignore
  private next = 1;
  private session: string | undefined;
  private loaded: (() => void) | undefined;

  private constructor(
    private readonly process: ChildProcess,
    private readonly home: string,
  ) {
    let text = "";
    (process.stdio[4] as Readable).on("data", (chunk: Buffer) => {
      text += chunk.toString();
      for (let end = text.indexOf("\0"); end !== -1; end = text.indexOf("\0")) {
        this.hear(JSON.parse(text.slice(0, end)) as Message);
        text = text.slice(end + 1);
      }
    });
  }

  static async start(path: string): Promise<Chromium> {
    const home = mkdtempSync(join(tmpdir(), "chromium-"));
    const flags = ["--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--no-first-run"];
    const process = spawn(
      path,
      [...flags, "--remote-debugging-pipe", `--user-data-dir=${home}`, "about:blank"],
      {
        stdio: ["ignore", "ignore", "ignore", "pipe", "pipe"],
        // A group of its own, so that its helpers end with it.
        detached: true,
        // It leaves a folder of its own where others keep theirs.
        env: { ...globalThis.process.env, TMPDIR: home },
      },
    );
    const browser = new Chromium(process, home);
    const { targetInfos } = (await browser.send("Target.getTargets")) as { targetInfos: { type: string; targetId: string }[] }; // prettier-ignore
    const { targetId } = targetInfos.find(({ type }) => type === "page") ?? { targetId: "" };
    const { sessionId } = await browser.send("Target.attachToTarget", { targetId, flatten: true });
    browser.session = sessionId as string;
    for (const domain of ["Page", "Network", "Runtime", "Log", "Accessibility"]) {
      await browser.send(`${domain}.enable`);
    }
    return browser;
  }

  /** Opens a file as a person would, offline. */
  async open(
    file: string,
    options: { readonly scheme?: "light" | "dark"; readonly width?: number; readonly scripts?: boolean } = {},
  ): Promise<void> {
    const { scheme = "light", width = 1280, scripts = true } = options;
    await this.send("Emulation.setScriptExecutionDisabled", { value: !scripts });
    const features = [{ name: "prefers-color-scheme", value: scheme }];
    await this.send("Emulation.setEmulatedMedia", { media: "", features });
    await this.send("Emulation.setDeviceMetricsOverride", { width, height: 1000, deviceScaleFactor: 1, mobile: false }); // prettier-ignore
    await this.send("Network.emulateNetworkConditions", { offline: true, latency: 0, downloadThroughput: -1, uploadThroughput: -1 }); // prettier-ignore
    const loaded = new Promise<void>((resolve) => (this.loaded = resolve));
    await this.send("Page.navigate", { url: pathToFileURL(file).href });
    await loaded;
  }

  async evaluate<T>(expression: string): Promise<T> {
    const { result } = (await this.send("Runtime.evaluate", { expression, returnByValue: true })) as { result: { value: T } }; // prettier-ignore
    return result.value;
  }

  /** Shows the page as it is printed. */
  async print(): Promise<void> {
    await this.send("Emulation.setEmulatedMedia", { media: "print" });
  }

  /** Resolves once the page has drawn what was asked of it before. */
  async frames(): Promise<void> {
    const expression =
      "new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)))";
    await this.send("Runtime.evaluate", { expression, awaitPromise: true });
  }

  /** Presses and lets go; `text` only where the key writes something. */
  async press(key: string, text?: string): Promise<void> {
    const codes: Readonly<Record<string, number>> = { Tab: 9, Enter: 13, ArrowLeft: 37, ArrowUp: 38, ArrowRight: 39, ArrowDown: 40 }; // prettier-ignore
    const at = { key, windowsVirtualKeyCode: codes[key] ?? 0, ...(text !== undefined && { text }) };
    await this.send("Input.dispatchKeyEvent", { type: "keyDown", ...at });
    await this.send("Input.dispatchKeyEvent", { type: "keyUp", ...at });
  }

  /** What a screen reader gets. */
  async accessible(): Promise<readonly AxNode[]> {
    const { nodes } = (await this.send("Accessibility.getFullAXTree")) as { nodes: AxNode[] };
    return nodes.filter(({ ignored }) => !ignored);
  }

  /** From the top of the page. */
  async screenshot(width = 1280, height = 1400): Promise<Buffer> {
    const { data } = await this.send("Page.captureScreenshot", {
      captureBeyondViewport: true,
      clip: { x: 0, y: 0, width, height, scale: 1 },
    });
    return Buffer.from(data as string, "base64");
  }

  async close(): Promise<void> {
    const ended = new Promise((resolve) => this.process.once("exit", resolve));
    process.kill(-(this.process.pid ?? NaN), "SIGKILL");
    await ended;
    // A helper that is still ending may write once more.
    await rm(this.home, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
  }

  private async send(method: string, params: Result = {}): Promise<Result> {
    const id = this.next;
    this.next += 1;
    const message = { id, method, params, ...(this.session !== undefined && { sessionId: this.session }) };
    const answer = new Promise<Result>((resolve, reject) => this.waiting.set(id, { resolve, reject }));
    (this.process.stdio[3] as Writable).write(`${JSON.stringify(message)}\0`);
    return answer;
  }

  private hear({ id, method, params, result, error }: Message): void {
    if (id !== undefined) {
      const { resolve, reject } = this.waiting.get(id) ?? {};
      this.waiting.delete(id);
      if (error) reject?.(new Error(error.message));
      else resolve?.(result ?? {});
    }
    if (method === "Page.loadEventFired") this.loaded?.();
    if (method === "Network.requestWillBeSent") {
      const { request, type } = params as { request: { url: string }; type?: string };
      if (type !== "Document") this.requested.push(request.url);
    }
    if (method === "Runtime.exceptionThrown" || method === "Log.entryAdded") {
      this.complaints.push(JSON.stringify(params));
    }
  }
}

interface Message {
  readonly id?: number;
  readonly method?: string;
  readonly params?: Result;
  readonly result?: Result;
  readonly error?: { readonly message: string };
}
