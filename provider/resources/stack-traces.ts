/** Pulumi's SDK prints the stacks of its promises if this is set. Source: pulumi/pulumi sdk/nodejs/runtime/debuggable.ts. */
const areStacksNeeded = Boolean(process.env["PULUMI_DEBUG_PROMISE_LEAKS"]);

/**
 * Errors made between `pause` and `resume` have no stack. The SDK formats the stack of an error for each of about 70
 * promises of a resource, and shows none of them; under ts-node's hook this takes a third of a preview.
 * Pause only while no code of the program runs.
 */
export function stackTraces(): { readonly pause: () => void; readonly resume: () => void } {
  let paused: PropertyDescriptor | undefined;
  return {
    pause() {
      const limit = Object.getOwnPropertyDescriptor(Error, "stackTraceLimit");
      // V8 makes stacks only if the limit is a number. One that cannot be written stays.
      if (areStacksNeeded || typeof limit?.value !== "number" || !limit.writable) return;
      paused = limit;
      Error.stackTraceLimit = 0;
    },
    resume() {
      if (paused) Object.defineProperty(Error, "stackTraceLimit", paused);
      paused = undefined;
    },
  };
}
