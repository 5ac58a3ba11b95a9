#!/usr/bin/env python3
"""Asks a Chaperone decision point before an act; needs nothing but Python 3.8.

    CHAPERONE_PDP=unix:/run/chaperone/pdp.sock python3 edr.py read_file /financials/Q4.xlsx

Prints what was decided. Exit code 0: allowed and done; 1: denied, for whatever reason.
CHAPERONE_PDP    http://127.0.0.1:8181 (default), https://host:port or unix:/path
CHAPERONE_KEYID  with CHAPERONE_KEY_FILE (32 bytes or more): requests are signed with hmac-sha256
"""
import base64, errno, hashlib, hmac, http.client, json, os, random, re, socket, ssl, sys, threading, time, uuid
from urllib.parse import urlsplit

PDP = os.environ.get("CHAPERONE_PDP", "http://127.0.0.1:8181")
KEYID, KEY_FILE = os.environ.get("CHAPERONE_KEYID"), os.environ.get("CHAPERONE_KEY_FILE")
DEADLINE, ATTEMPTS, MOST = 2.0, 3, 256 * 1024  # seconds over all attempts; requests; bytes of an answer
ASK_AGAIN = (429, 502, 503, 504)  # nothing was decided; every other status is an answer

NAMES = set("allow effect reason policy_reason message obligations carried_out rules revision mode would_deny"
            " decision_id".split())


class Unix(http.client.HTTPConnection):
    def connect(self):
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.settimeout(self.timeout)
        self.sock.connect(urlsplit(PDP).path)


def connection(timeout):
    url = urlsplit(PDP)
    if url.scheme == "unix":
        return Unix("localhost", timeout=timeout)
    if url.scheme == "https":  # for mutual TLS: context.load_cert_chain(cert, key)
        return http.client.HTTPSConnection(url.netloc, timeout=timeout, context=ssl.create_default_context())
    return http.client.HTTPConnection(url.netloc, timeout=timeout)


def signed(path, body, headers):
    """RFC 9421. The nonce is new for every request, also for one that is sent again."""
    headers["Content-Digest"] = "sha-256=:%s:" % base64.b64encode(hashlib.sha256(body).digest()).decode()
    parts = [("@method", "POST"), ("@path", path), ("@query", "?"), ("content-digest", headers["Content-Digest"])]
    if "Chaperone-Obligations" in headers:
        parts.append(("chaperone-obligations", headers["Chaperone-Obligations"]))
    names = " ".join('"%s"' % name for name, _ in parts)
    params = '(%s);created=%d;nonce="%s";keyid="%s";alg="hmac-sha256"' % (names, time.time(), uuid.uuid4(), KEYID)
    base = "\n".join(['"%s": %s' % part for part in parts] + ['"@signature-params": ' + params])
    with open(KEY_FILE, "rb") as file:
        value = base64.b64encode(hmac.new(file.read(), base.encode(), hashlib.sha256).digest()).decode()
    return {**headers, "Signature-Input": "sig1=" + params, "Signature": "sig1=:%s:" % value}


def post(path, document, headers, until):
    """Status, Retry-After and body. Raises OSError or HTTPException when no answer was read in time."""
    body = json.dumps(document).encode()
    headers = {"Content-Type": "application/json", **headers}
    left = until - time.monotonic()
    if left <= 0:
        raise TimeoutError
    conn = connection(left)
    conn.connect()
    # A time-out of the socket starts anew with every byte; this one does not.
    end = threading.Timer(until - time.monotonic(), lambda sock=conn.sock: sock.shutdown(socket.SHUT_RDWR))
    end.start()
    try:
        conn.request("POST", path, body, signed(path, body, headers) if KEYID else headers)
        answer = conn.getresponse()
        data = answer.read(MOST + 1)
        if answer.length or time.monotonic() > until:
            raise TimeoutError
        return answer.status, answer.getheader("Retry-After"), data
    finally:
        end.cancel()
        conn.close()


def once(pairs):
    """An object in which a name is there twice means two things."""
    if len(dict(pairs)) != len(pairs):
        raise ValueError("a name is there twice")
    return dict(pairs)


def read(data, handled):
    """(decision id, obligations) of an answer that is exactly an allow. Raises PermissionError otherwise."""
    try:
        answer = json.loads(data.decode("utf-8"), object_pairs_hook=once)
        result = answer.get("result", {"allow": False, "message": "no rule of the policy allows this"})
        strange = len(data) > MOST or set(answer) - {"result", "decision_id"} or set(result) - NAMES
        allow, obligations = result["allow"], result.get("obligations", [])
        effect = result.get("effect", "allow" if allow else "deny")
        if strange or type(allow) is not bool or allow != (effect == "allow") or type(obligations) is not list:
            raise ValueError
        unknown = [obligation["kind"] for obligation in obligations if obligation["kind"] not in handled]
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise PermissionError("pdp_invalid") from None
    if not allow:
        raise PermissionError("policy: %r" % result.get("message", result.get("reason")))
    if unknown:
        raise PermissionError("unknown_obligation: %r" % unknown)
    return answer.get("decision_id"), obligations


def decide(document, handled, deadline=DEADLINE):
    """Like read. Asks again only when nothing was decided."""
    until, why = time.monotonic() + deadline, "pdp_unreachable"
    headers = {"Chaperone-Obligations": ", ".join(sorted(handled)), "Idempotency-Key": '"%s"' % uuid.uuid4()}
    for attempt in range(ATTEMPTS):
        wait = 0
        try:
            status, later, data = post("/v1/data/chaperone/access/decision", {"input": document}, headers, until)
            if status == 200:
                return read(data, handled)
            why = "status %d" % status
            if status not in ASK_AGAIN:
                break
            wait = int(later) if re.fullmatch("[0-9]{1,6}", later or "") else 0
        except PermissionError:
            raise
        except (OSError, http.client.HTTPException) as error:
            why = "pdp_unreachable (%s)" % type(error).__name__
        wait += random.uniform(0, 0.025 * 2**attempt)
        if time.monotonic() + wait >= until:
            break
        time.sleep(wait)
    raise PermissionError(why)


def report(identity, **outcome):
    """In a thread, so that nobody waits for it. Lost when the decision point does not take it."""
    def send():
        try:
            post("/v1/outcomes", {"decision_id": identity, **outcome}, {}, time.monotonic() + DEADLINE)
        except (OSError, http.client.HTTPException):
            pass
    if identity is not None:
        threading.Thread(target=send).start()


def guard(document, act, handlers):
    """Decides, does what was asked for, acts, and tells what became of it. Raises PermissionError without an allow."""
    identity, obligations = decide(document, handlers)
    try:
        for obligation in obligations:
            # A field that the handler does not know is an error, and so a deny.
            handlers[obligation["kind"]](**{name: obligation[name] for name in obligation if name != "kind"})
    except Exception as error:
        report(identity, result="abandoned")
        raise PermissionError("pep_obligation_failed: %s" % type(error).__name__) from error
    try:
        value = act()
    except OSError as error:
        report(identity, result="failed", errno=errno.errorcode.get(error.errno, "EIO"))
        raise
    report(identity, result="done")
    return value


def main():
    action, path = sys.argv[1:]
    document = {"action": action, "path": path, "process": {"pid": os.getppid()}, "mode": "enforce"}
    handlers = {"notify": lambda message="", audience="user": print("notice: %r" % message)}
    try:
        guard(document, lambda: print("allowed"), handlers)
    except PermissionError as error:
        print("denied: %s" % error)
        sys.exit(1)


if __name__ == "__main__":
    main()
