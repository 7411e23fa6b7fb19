"""Answers SYNs to 10.77.0.66 and fd77::66 as no decent host would; the port says how. Prints `ready`. At SIGUSR1 it
repeats its answer to the last SYN to port 1020 often, and then prints `repeated`."""
import os
import signal
import socket
import struct
import sys
import threading

ANSWERS_LATE_S = 2
FLOOD = 100_000
COPIES = 20_000
device = sys.argv[1]
link = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(3))
link.bind((device, 0))
# PACKET_IGNORE_OUTGOING (packet(7)): what it sends itself would fill its own buffer.
link.setsockopt(263, 23, 1)


def checksum(octets):
    if len(octets) % 2:
        octets += b"\0"
    total = sum(struct.unpack(f"!{len(octets) // 2}H", octets))
    while total > 0xFFFF:
        total = (total >> 16) + (total & 0xFFFF)
    return ~total & 0xFFFF


def summed(octets, at, before=b""):
    value = checksum(before + octets[:at] + b"\0\0" + octets[at + 2 :])
    return octets[:at] + struct.pack("!H", value) + octets[at + 2 :]


class Syn:
    """What was asked, and packets that answer it."""

    def __init__(self, frame):
        self.reply_to = frame[6:12] + frame[0:6]
        self.packet = frame[14:]
        self.is6 = frame[12:14] == b"\x86\xdd"
        self.header = 40 if self.is6 else (frame[14] & 15) * 4
        at = (8, 24, 40) if self.is6 else (12, 16, 20)
        self.prober, self.asked = self.packet[at[0] : at[1]], self.packet[at[1] : at[2]]
        self.sport, self.dport, self.seq = struct.unpack_from("!HHI", self.packet, self.header)

    def pseudo(self, source, protocol, length):
        if self.is6:
            return source + self.prober + struct.pack("!II", length, protocol)
        return source + self.prober + struct.pack("!HH", protocol, length)

    def segment(self, flags, ack=1, to=None, source=None, payload=b""):
        ports = (self.dport, to or self.sport)
        raw = struct.pack("!HHIIBBHHH", *ports, 77, (self.seq + ack) % 2**32, 0x50, flags, 1000, 0, 0) + payload
        return summed(raw, 16, self.pseudo(source or self.asked, 6, len(raw)))

    def ip(self, protocol, body, source=None, options=b"", fragment=0):
        source = source or self.asked
        if self.is6:
            return struct.pack("!IHBB", 6 << 28, len(body), protocol, 60) + source + self.prober + body
        length = 20 + len(options)
        head = struct.pack(
            "!BBHHHBBH", 0x40 | length // 4, 0, length + len(body), 4711, fragment, 60, protocol, 0
        )
        return summed(head + source + self.prober + options, 10) + body

    def error(self, quote, source=None):
        """Administratively prohibited."""
        source = source or self.asked
        if self.is6:
            body = struct.pack("!BBHI", 1, 1, 0, 0) + quote
            return self.ip(58, summed(body, 2, self.pseudo(source, 58, len(body))), source)
        return self.ip(1, summed(struct.pack("!BBHI", 3, 13, 0, 0) + quote, 2), source)

    def quote(self, at, value):
        """The SYN with something changed, `at` counted from its TCP header."""
        at += self.header
        return self.packet[:at] + value + self.packet[at + len(value) :]

    def neighbour(self, last):
        return self.asked[:-1] + bytes([last])

    def send(self, *packets, tag=b""):
        for packet in packets:
            link.send(self.reply_to + tag + (b"\x86\xdd" if self.is6 else b"\x08\0") + packet)


SA, RA = 0x12, 0x14
OPTIONS4 = bytes([7, 11, 12, 10, 77, 0, 66, 0, 0, 0, 0, 0])
PADDING6 = bytes([1, 4, 0, 0, 0, 0])


def with_options(syn):
    """A SYN-ACK behind extension headers of eight octets each, or with a recorded route."""
    if not syn.is6:
        return syn.ip(6, syn.segment(SA), options=OPTIONS4)
    body, following = syn.segment(SA), 6
    for kind in reversed([0, 60, 43, 44, 60]):
        rest = bytes([0, 0, 0, 0, 0, 1]) if kind == 44 else PADDING6
        if kind == 43:
            rest = bytes(6)
        body, following = bytes([following, 0]) + rest + body, kind
    return syn.ip(following, body)


def in_fragments(syn):
    """The first one has the whole TCP header."""
    body = syn.segment(SA, payload=bytes(12))
    if not syn.is6:
        return [syn.ip(6, body[:24], fragment=0x2000), syn.ip(6, body[24:], fragment=3)]
    cut = [(0x0001, body[:24]), (0x0018, body[24:])]
    return [syn.ip(44, struct.pack("!BBHI", 6, 0, at, 4711) + part) for at, part in cut]


def flood(syn):
    """Unrelated segments to all kinds of ports and errors about nothing, with the answer in their midst."""
    answer = syn.ip(6, syn.segment(SA))
    strangers = [syn.ip(6, syn.segment(SA, ack=i + 2)) for i in range(64)]
    strangers += [syn.ip(6, syn.segment(RA, to=1 + i)) for i in range(64)]
    strangers += [syn.error(os.urandom(28 + i)) for i in range(64)]
    for i in range(FLOOD // len(strangers)):
        syn.send(*strangers)
        if i == FLOOD // len(strangers) // 2:
            syn.send(answer)


def late(syn):
    threading.Timer(ANSWERS_LATE_S, syn.send, [syn.ip(6, syn.segment(SA))]).start()


last = []


def once_and_on_demand(syn):
    last[:] = [syn]
    syn.send(syn.ip(6, syn.segment(SA)))


def repeat(*_):
    for syn in last:
        syn.send(*[syn.ip(6, syn.segment(SA))] * COPIES)
    print("repeated", flush=True)


def say(make):
    return lambda syn: syn.send(*make(syn))


BEHAVIOURS = {
    1000: say(lambda syn: [syn.ip(6, syn.segment(SA))]),
    1001: say(lambda syn: [syn.ip(6, syn.segment(SA))] * 2),
    1002: late,
    1003: say(lambda syn: [syn.ip(6, syn.segment(SA, ack=ack)) for ack in (0, 2, 2**31)]),
    1004: say(lambda syn: [syn.ip(6, syn.segment(RA, ack=ack)) for ack in (0, 2, 2**31)]),
    1005: say(lambda syn: [syn.ip(6, syn.segment(SA, source=syn.neighbour(67)), syn.neighbour(67))]),
    1006: say(in_fragments),
    1007: say(lambda syn: [with_options(syn)]),
    1008: say(lambda syn: [syn.error(os.urandom(length)) for length in (0, 1, 8, 19, 20, 27, 28, 60, 1200)]),
    1009: say(lambda syn: [syn.error(syn.packet[:length]) for length in range(syn.header + 4)]),
    1010: say(lambda syn: [syn.error(syn.quote(at, b"\x04\xd2")) for at in (0, 2)]),
    1011: say(lambda syn: [syn.error(syn.quote(4, os.urandom(4)), syn.neighbour(67)) for _ in range(50)]),
    1012: say(lambda syn: [syn.error(syn.packet[: syn.header + 8], syn.neighbour(67))]),
    1014: say(lambda syn: [syn.ip(6, syn.segment(RA)), syn.ip(6, syn.segment(SA))]),
    1015: flood,
    1016: say(lambda syn: [syn.ip(6, syn.segment(SA)[:length]) for length in range(20)]),
    1017: say(lambda syn: [syn.ip(6, syn.segment(SA)[:12] + b"\xf0" + syn.segment(SA)[13:])]),
    1018: say(lambda syn: [syn.ip(6, syn.segment(RA, to=syn.sport ^ 1))]),
    1019: say(lambda syn: [syn.error(syn.packet[: syn.header + 8])] * 200),
    1020: once_and_on_demand,
    # A priority tag, which belongs to no network (IEEE 802.1Q).
    1013: lambda syn: syn.send(syn.ip(6, syn.segment(SA)), tag=b"\x81\0\x60\0"),
}

OWN = (socket.inet_aton("10.77.0.66"), socket.inet_pton(socket.AF_INET6, "fd77::66"))

signal.signal(signal.SIGUSR1, repeat)
print("ready", flush=True)
while True:
    frame = link.recv(65535)
    if frame[12:14] not in (b"\x08\0", b"\x86\xdd") or len(frame) < 54:
        continue
    is4 = frame[12] == 8
    asked, protocol = (frame[30:34], frame[23]) if is4 else (frame[38:54], frame[20])
    if asked not in OWN or protocol != 6:
        continue
    syn = Syn(frame)
    # Not the system's own resets.
    if syn.packet[syn.header + 13] == 2 and syn.dport in BEHAVIOURS:
        BEHAVIOURS[syn.dport](syn)
