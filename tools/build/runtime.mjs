import { bundle } from "./bundle.mjs";

/** One file, because every command of every stack loads it before the first check. */
await bundle("provider/runtime.ts", "dist/provider/runtime.js", {
  external: ["pulumi-bigcommerce-tokens/package.json"],
  keepNames: true,
});
