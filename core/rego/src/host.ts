/**
 * What a program may use of the world around it. Everything is optional: a policy that calls a built-in which needs
 * something that the host does not offer is refused when it is loaded.
 */
export interface Host {
  /** Milliseconds since 1970, for `time.now_ns`. Without it the clock stands at 0. */
  readonly now?: () => number;
}
