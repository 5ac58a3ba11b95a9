/** How a policy wants connections to be treated: `data.chaperone.egress`, checked when the policy is loaded. */

export type EgressSettings = {
  /** Hosts (`api.example.com`, `*.example.com`, `*`) whose TLS is opened although no rule looks inside. */
  readonly inspect: readonly string[];
  /** Hosts whose TLS is never opened; where a rule looks inside of requests there, they are denied. */
  readonly passthrough: readonly string[];
  /** `HOST:PORT` where neither TLS nor HTTP need be spoken, nor a stream, although a rule looks inside of requests: `*:22`. */
  readonly opaque: readonly string[];
  /** PEM files of authorities that destinations may have their certificate from, beside the system's. */
  readonly upstream_ca: readonly string[];
  readonly names: {
    /** Questions of the session in a minute. */
    readonly per_minute: number;
    /** Different names below one registered name in a minute. */
    readonly distinct_per_minute: number;
    /** Longest label in bytes, and longest name. */
    readonly max_label: number;
    readonly max_name: number;
    /** Bits per character from which a label of 20 characters and more looks like data. */
    readonly max_entropy: number;
    /** Names that may lead to private addresses; to the metadata service of a cloud only without a wildcard. */
    readonly private: readonly string[];
    /** Types of records that may be asked beside the usual ones: `TXT`, `CAA`, `TYPE65280`. */
    readonly types?: readonly string[];
    /** Who is asked instead of the nameservers of this machine: `ADDRESS`, `ADDRESS:PORT`. */
    readonly servers?: readonly string[];
  };
  readonly body: {
    /** Looked at up to here when a rule depends on what is in a body. */
    readonly max_bytes: number;
    /** What happens to a longer one. */
    readonly over: 'deny' | 'allow';
  };
  readonly regions: {
    readonly hosts: Readonly<Record<string, string>>;
    /** Address ranges, CIDR to region; a policy may also name documents of its data that hold them. */
    readonly ranges: Readonly<Record<string, string>>;
  };
};
