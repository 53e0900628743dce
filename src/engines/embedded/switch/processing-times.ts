/**
 * How long a router thinks, in milliseconds. SR Linux's own figures are not public; these are FRR's, measured on the
 * same topology (failover of an affected flow: link down 0 ms beside it, 115–135 ms one hop away; a dead BGP process
 * 65 ms; BFD's detection time plus 60–100 ms), and they put the embedded lab into the same bands.
 */

/** BGP gathers changes this long before it runs its decision process over them (the hold of FRR's work queue). */
export const DECISION_DELAY = 50;

/** From the route table to the forwarding table. */
export const FIB_PROGRAMMING_DELAY = 10;

/** The kernel of a machine whose BGP process died resets its connections at once. */
export const PROCESS_DEATH_REPORT_DELAY = 1;

/** A supervisor notices and restarts a dead BGP process. */
export const PROCESS_RESTART_DELAY = 2000;

/** A BGP process notices within this time that a peer can be reached; an estimate that keeps both ends from calling at once. */
export const SLOWEST_REACTION = 50;
