#!/bin/sh
# Asks a decision point with curl whether an act may happen: decide.sh ACTION PATH
# Exit code 0: allowed; 1: denied, for whatever reason.
#
# It asks the entry point that answers true or false. A script that cannot carry out obligations must not ask
# for decisions that may have some.
#
# CHAPERONE_PDP     http://127.0.0.1:8181 (default) or https://host:port
# CHAPERONE_SOCKET  a Unix socket, instead
set -u
export LC_ALL=C

deny() {
  printf 'denied: %s\n' "$1" >&2
  exit 1
}

[ $# -eq 2 ] || deny 'usage: decide.sh ACTION PATH'
for text in "$1" "$2"; do
  # What JSON would have to escape otherwise; names with such characters are rare, and suspicious.
  case $text in *[[:cntrl:]]*) deny 'a control character in the question' ;; esac
done
quoted() { printf '"%s"' "$(printf '%s' "$1" | sed 's/[\\"]/\\&/g')"; }

# One attempt at most 1 s, all together about 2 s; curl respects Retry-After. Redirects are not followed.
answer=$(
  printf '{"input":{"action":%s,"path":%s}}' "$(quoted "$1")" "$(quoted "$2")" |
    curl --silent --fail --max-time 1 --retry 2 --retry-connrefused --retry-max-time 2 \
      ${CHAPERONE_SOCKET:+--unix-socket "$CHAPERONE_SOCKET"} \
      --header 'Content-Type: application/json' --data-binary @- --write-out ' %{http_code}' \
      "${CHAPERONE_PDP:-http://127.0.0.1:8181}/v1/data/endpoint/access/allow" | tr -d '\n' | head -c 4096
)
# The whole answer, from its first character to the status: nothing else is an allow.
printf '%s\n' "$answer" | grep -Exq '\{("decision_id":"[^"\\]+",)?"result":true\} 200' ||
  deny 'the decision point did not allow it'
echo allowed
