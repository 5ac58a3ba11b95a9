/** The few kernel calls the decision loop makes itself, through koffi. Everything blocks; only the loop's thread calls. */
import koffi from 'koffi';

const AF_UNIX = 1;
const SOCK_SEQPACKET = 5;
const SOCK_CLOEXEC = 0o2000000;
const SOL_SOCKET = 1;
const SCM_RIGHTS = 1;
const MSG_CMSG_CLOEXEC = 0x40000000;
const MSG_NOSIGNAL = 0x4000;
const MFD_CLOEXEC = 1;
const EINTR = 4;
const PR_SET_CHILD_SUBREAPER = 36;
const PR_SET_DUMPABLE = 4;

export class KernelError extends Error {
  override readonly name = 'KernelError';
  readonly errno: number;
  constructor(call: string, errno: number) {
    super(`${call}: errno ${errno}`);
    this.errno = errno;
  }
}

export type Kernel = {
  /** A connected pair of message sockets. */
  socketPair(): [number, number];
  /** A file in memory of this size, readable through `fs`. */
  memoryFile(bytes: number): number;
  close(fd: number): void;
  /** @returns bytes received, 0 at the end; a descriptor that came along is in `descriptor`. */
  receive(fd: number, into: Buffer): number;
  /** The descriptor of the last {@link receive}, or -1; the caller closes it. */
  readonly descriptor: number;
  /** @param descriptor goes along when it is not negative */
  send(fd: number, from: Buffer, length: number, descriptor?: number): boolean;
  /** Whoever loses its parent below this process becomes its child (PR_SET_CHILD_SUBREAPER). */
  adoptOrphans(): void;
  /** This process leaves no core when it dies of a signal: it only repeats the agent's death, who left its own. */
  leaveNoCore(): void;
  /** Waits for one of two descriptors. @returns bit 1 and 2 for the first and the second, 0 after the time-out. */
  wait(first: number, second: number, timeoutMs: number): number;
  /** Keep the calling thread on this CPU: a question and its answer then cost two switches instead of two wake-ups. */
  stayOn(cpu: number): void;
};

type Call = (...args: (number | Buffer | string | null)[]) => number;

export function openKernel(): Kernel {
  const libc = koffi.load('libc.so.6');
  const call = (prototype: string): Call => libc.func(prototype) as unknown as Call;
  const socketpair = call('int socketpair(int, int, int, void*)');
  const memfdCreate = call('int memfd_create(const char*, unsigned int)');
  const ftruncate = call('int ftruncate(int, long)');
  const closeFd = call('int close(int)');
  const recvmsg = call('long recvmsg(int, void*, int)');
  const sendmsg = call('long sendmsg(int, void*, int)');
  const send = call('long send(int, void*, long, int)');
  const prctl = call('int prctl(int, unsigned long, unsigned long, unsigned long, unsigned long)');
  const poll = call('int poll(void*, unsigned long, int)');
  const setAffinity = call('int sched_setaffinity(int, long, void*)');

  // struct msghdr, iovec and the control buffer for one descriptor (bits/socket.h, 64-bit layout).
  const header = Buffer.alloc(56);
  const vector = Buffer.alloc(16);
  const control = Buffer.alloc(24);
  const address = (buffer: Buffer): bigint => BigInt(koffi.address(buffer));
  header.writeBigUInt64LE(address(vector), 16);
  header.writeBigUInt64LE(1n, 24);
  header.writeBigUInt64LE(address(control), 32);
  const outHeader = Buffer.alloc(56);
  const outVector = Buffer.alloc(16);
  const outControl = Buffer.alloc(24);
  outHeader.writeBigUInt64LE(address(outVector), 16);
  outHeader.writeBigUInt64LE(1n, 24);
  outHeader.writeBigUInt64LE(address(outControl), 32);
  outHeader.writeBigUInt64LE(BigInt(outControl.length), 40);
  outControl.writeBigUInt64LE(20n, 0);
  outControl.writeInt32LE(SOL_SOCKET, 8);
  outControl.writeInt32LE(SCM_RIGHTS, 12);
  let receiving: Buffer | undefined;
  let descriptor = -1;
  let cpuNow = -1;
  const mask = Buffer.alloc(128);
  const polled = Buffer.alloc(16);

  return {
    socketPair() {
      const pair = Buffer.alloc(8);
      if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) < 0)
        throw new KernelError('socketpair', koffi.errno());
      return [pair.readInt32LE(0), pair.readInt32LE(4)];
    },
    memoryFile(bytes) {
      const fd = memfdCreate('counters', MFD_CLOEXEC);
      if (fd < 0) throw new KernelError('memfd_create', koffi.errno());
      if (ftruncate(fd, bytes) < 0) throw new KernelError('memfd_create', koffi.errno());
      return fd;
    },
    close(fd) {
      closeFd(fd);
    },
    receive(fd, into) {
      if (receiving !== into) {
        vector.writeBigUInt64LE(address(into), 0);
        vector.writeBigUInt64LE(BigInt(into.length), 8);
        receiving = into;
      }
      for (;;) {
        header.writeBigUInt64LE(BigInt(control.length), 40);
        const received = recvmsg(fd, header, MSG_CMSG_CLOEXEC);
        if (received < 0 && koffi.errno() === EINTR) continue;
        if (received < 0) throw new KernelError('recvmsg', koffi.errno());
        descriptor = header.readBigUInt64LE(40) >= 20n ? control.readInt32LE(16) : -1;
        return Number(received);
      }
    },
    get descriptor() {
      return descriptor;
    },
    send(fd, from, length, passed = -1) {
      if (passed < 0) return send(fd, from, length, MSG_NOSIGNAL) === length;
      outVector.writeBigUInt64LE(address(from), 0);
      outVector.writeBigUInt64LE(BigInt(length), 8);
      outControl.writeInt32LE(passed, 16);
      return Number(sendmsg(fd, outHeader, MSG_NOSIGNAL)) === length;
    },
    adoptOrphans() {
      prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0);
    },
    leaveNoCore() {
      prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
    },
    wait(first, second, timeoutMs) {
      polled.writeInt32LE(first, 0);
      polled.writeInt32LE(1, 4);
      polled.writeInt32LE(second, 8);
      polled.writeInt32LE(1, 12);
      if (poll(polled, 2, timeoutMs) <= 0) return 0;
      return (polled.readUInt16LE(6) ? 1 : 0) | (polled.readUInt16LE(14) ? 2 : 0);
    },
    stayOn(cpu) {
      if (cpu === cpuNow || cpu >= mask.length * 8) return;
      cpuNow = cpu;
      mask.fill(0);
      mask[cpu >> 3] = 1 << (cpu & 7);
      setAffinity(0, mask.length, mask);
    },
  };
}
