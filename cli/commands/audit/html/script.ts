/** Written in by the build: page/main.ts and the plotting library, in one text. */
declare const PAGE_SCRIPT: string | undefined;

/** Empty where this runs from its sources: the page then has its tables, and no chart. */
export const SCRIPT: string = typeof PAGE_SCRIPT === "string" ? PAGE_SCRIPT : "";
