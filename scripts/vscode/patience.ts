/**
 * How long, in milliseconds, to wait for what should come within a second or two. It ends a run in which something is
 * broken; a machine that has much else to do stays below it.
 */
export const patience = 90_000;
