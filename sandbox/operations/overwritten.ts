/**
 * What a person tells a canary may be lost: Kruise answers a conflict by writing its whole status once more, with what it
 * knew before (`updateRolloutStatusInternal`). It is told again then.
 */

/** Milliseconds. A controller that heeds somebody shows it within a second or two. */
export const patience = 10_000;

/** How often a canary is told the same. */
export const tries = 3;
