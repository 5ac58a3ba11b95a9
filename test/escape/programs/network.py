"""What the attacks by network share: each attempt prints one line, and none waits for long."""
import os, re, socket, ssl, struct, sys, threading, time

CONNECT_WAIT = 10
WAIT = 2


def tell(what, *result):
    print(what, *result, flush=True)


def attempt(what, act, *args):
    """Prints what came of it."""
    try:
        tell(what, "->", repr(act(*args))[:300])
    except Exception as e:
        tell(what, "-> failed:", repr(e)[:200])


def stream(host, port):
    """By getaddrinfo, as programs do."""
    s = socket.create_connection((host, port), CONNECT_WAIT)
    s.settimeout(WAIT)
    s.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return s


def all_of(s):
    heard = b""
    try:
        while len(heard) < 1 << 20:
            part = s.recv(65536)
            if not part:
                break
            heard += part
    except OSError as e:
        heard += b" [" + type(e).__name__.encode() + b"]"
    return heard


def say(host, port, data, half=False):
    """Sends bytes as they are, and returns what is answered."""
    with stream(host, port) as s:
        s.sendall(data if isinstance(data, bytes) else data.encode("latin1"))
        if half:
            s.shutdown(socket.SHUT_WR)
        return all_of(s)


def secured(host, port, sni, alpn=()):
    """TLS to whoever is there, without a look at certificates."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    if alpn:
        context.set_alpn_protocols(list(alpn))
    return context.wrap_socket(stream(host, port), server_hostname=sni)


def say_secured(host, port, sni, data, alpn=()):
    with secured(host, port, sni, alpn) as s:
        s.sendall(data if isinstance(data, bytes) else data.encode("latin1"))
        return all_of(s)


def hello(name, size=None):
    """A ClientHello whose server name is these bytes, which no library would send."""
    entry = b"\0" + struct.pack(">H", len(name)) + name
    sni = struct.pack(">H", len(entry)) + entry
    extensions = struct.pack(">HH", 0, len(sni)) + sni
    extensions += struct.pack(">HHB", 43, 3, 2) + b"\3\4" + struct.pack(">HHH", 10, 4, 2) + b"\0\x1d"
    extensions += struct.pack(">HHH", 13, 4, 2) + b"\4\3"
    body = b"\3\3" + bytes(32) + b"\0" + b"\0\2\x13\x01" + b"\1\0" + struct.pack(">H", len(extensions)) + extensions
    message = b"\1" + struct.pack(">I", len(body))[1:] + body
    size = size or len(message)
    records = [message[at : at + size] for at in range(0, len(message), size)]
    return b"".join(b"\x16\3\1" + struct.pack(">H", len(one)) + one for one in records)


def question(labels, kind=1):
    """A DNS query with these labels, whatever is in them."""
    name = b"".join(bytes([len(one)]) + one for one in labels) + b"\0"
    return b"\x12\x34\1\0\0\1\0\0\0\0\0\0" + name + struct.pack(">HH", kind, 1)


def nameserver():
    with open("/etc/resolv.conf") as f:
        found = re.search(r"^nameserver\s+(\S+)", f.read(), re.M)
    return found.group(1) if found else "127.0.0.1"


def ask(labels, kind=1, server=None, port=53):
    """@returns the response code, or the addresses"""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as s:
        s.settimeout(WAIT)
        s.connect((server or nameserver(), port))
        s.send(question(labels, kind))
        reply = s.recv(4096)
    return "rcode", reply[3] & 15, "answers", reply[7]


def frame(kind, flags, stream_id, payload):
    """Of HTTP/2."""
    return struct.pack(">I", len(payload))[1:] + bytes([kind, flags]) + struct.pack(">I", stream_id) + payload


def plain_header(name, value):
    """HPACK: a literal that is not indexed."""
    name, value = name.encode(), value.encode()
    return b"\0" + bytes([len(name)]) + name + bytes([len(value)]) + value


def request2(stream_id, *headers):
    return frame(1, 5, stream_id, b"".join(plain_header(*one) for one in headers))


PREFACE = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + frame(4, 0, 0, b"")
