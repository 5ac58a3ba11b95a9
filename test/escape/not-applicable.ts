/** Ids of the list of known bypasses that have no attack here, and why. */
export const notApplicable: readonly { readonly id: string; readonly reason: string }[] = [
  { id: 'A21', reason: 'a host daemon that reads for the agent is reached by a socket: C1 and C2' },
  { id: 'A23', reason: 'there is no rollback or snapshot walker' },
  { id: 'A24', reason: 'a figure and not an escape: start time over a large tree belongs to bench/' },
  { id: 'B6', reason: 'there is no shim to get around: every exec is held in the kernel' },
  {
    id: 'B7',
    reason: 'what is decided on is the file and the arguments that the kernel is given, after any expansion',
  },
  { id: 'B11', reason: 'the filter is inherited by every fork; there is no wrapper to lose' },
  { id: 'C6', reason: 'a tmux or screen socket is one more stream socket: C1' },
  { id: 'C10', reason: 'macOS' },
  {
    id: 'D16',
    reason: 'what an allowed host does with what it gets is a question of policy, not of the way there',
  },
  { id: 'D18', reason: 'needs the socket of a container service: C1' },
  {
    id: 'E5-E7',
    reason: 'approvals are not there yet; what records and configuration may say has tests of its own',
  },
  {
    id: 'F1-F18',
    reason: 'configuration, approvals and the control plane have suites of their own; F12 is in C8',
  },
];
