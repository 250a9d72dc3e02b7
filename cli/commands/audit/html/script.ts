/** The build inserts page/main.ts and the plotting library here, as one text. */
declare const PAGE_SCRIPT: string | undefined;

/** Empty if run from the sources: the page then has tables, but no chart. */
export const SCRIPT: string = typeof PAGE_SCRIPT === "string" ? PAGE_SCRIPT : "";
