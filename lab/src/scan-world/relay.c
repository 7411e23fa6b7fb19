/*
 * A long way between two network namespaces: what comes out of a TUN device on one side goes into one of the same name
 * on the other side so much later, or never. A packet is due a fixed time after it was read, so lateness of this
 * process does not add up.
 *
 * relay DEVICE NAMESPACE-FILE: the near side is the namespace it runs in. Each line of stdin is
 * {"delayUs":N,"lostOfMillion":N}, for either direction alone; each is answered by {"ready":true}. It ends with stdin.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/if.h>
#include <linux/if_tun.h>
#include <poll.h>
#include <sched.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <time.h>
#include <unistd.h>

/* Packets on their way in one direction: those that come while it is full are lost, as at a full router. */
#define WAITING 32768
#define MTU 1500
#define AT_ONCE 128

struct packet {
  uint64_t due_ns;
  uint16_t octets;
  uint8_t bytes[MTU];
};

struct way {
  int from, to;
  uint32_t first, count;
  struct packet *packets;
};

static uint64_t delay_ns;
static uint32_t lost_of_million;

static void fail(const char *what) {
  fprintf(stderr, "relay: %s: %s\n", what, strerror(errno));
  exit(1);
}

static uint64_t now_ns(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

/* Marsaglia's xorshift64. */
static int is_lost(void) {
  static uint64_t state = 0x9e3779b97f4a7c15u;
  state ^= state << 13;
  state ^= state >> 7;
  state ^= state << 17;
  return (state >> 32) % 1000000u < lost_of_million;
}

static int open_tun(const char *device) {
  struct ifreq request = {.ifr_flags = IFF_TUN | IFF_NO_PI};
  int fd = open("/dev/net/tun", O_RDWR | O_NONBLOCK | O_CLOEXEC);
  if (fd < 0) fail("/dev/net/tun");
  strncpy(request.ifr_name, device, IFNAMSIZ - 1);
  if (ioctl(fd, TUNSETIFF, &request) < 0) fail(device);
  return fd;
}

static void take_in(struct way *way) {
  for (int taken = 0; taken < AT_ONCE; taken++) {
    struct packet *last = &way->packets[(way->first + way->count) % WAITING];
    uint8_t overflow[MTU];
    int full = way->count == WAITING;
    ssize_t octets = read(way->from, full ? overflow : last->bytes, MTU);
    if (octets <= 0) return;
    if (full || is_lost()) continue;
    last->due_ns = now_ns() + delay_ns;
    last->octets = (uint16_t)octets;
    way->count++;
  }
}

/* Sends what is due, and tells when the next packet is: UINT64_MAX when none waits. */
static uint64_t send_due(struct way *way) {
  while (way->count > 0) {
    struct packet *next = &way->packets[way->first];
    if (next->due_ns > now_ns()) return next->due_ns;
    /* A device that is down or full loses the packet. */
    if (write(way->to, next->bytes, next->octets) < 0 && errno == EBADF) fail("write");
    way->first = (way->first + 1) % WAITING;
    way->count--;
  }
  return UINT64_MAX;
}

static int obey(void) {
  char line[256];
  unsigned long delay_us, lost;
  if (fgets(line, sizeof line, stdin) == NULL) return 0;
  if (sscanf(line, "{\"delayUs\":%lu,\"lostOfMillion\":%lu}", &delay_us, &lost) == 2) {
    delay_ns = delay_us * 1000u;
    lost_of_million = (uint32_t)lost;
    printf("{\"ready\":true}\n");
  } else {
    printf("{\"error\":\"not understood\"}\n");
  }
  fflush(stdout);
  return 1;
}

static void enter(const char *namespace) {
  int fd = open(namespace, O_RDONLY | O_CLOEXEC);
  if (fd < 0 || setns(fd, CLONE_NEWNET) < 0) fail(namespace);
  close(fd);
}

int main(int count, char **words) {
  if (count != 3) return 2;
  int near = open_tun(words[1]);
  enter(words[2]);
  int far = open_tun(words[1]);
  struct way ways[2] = {{.from = near, .to = far}, {.from = far, .to = near}};
  for (int i = 0; i < 2; i++) {
    ways[i].packets = calloc(WAITING, sizeof(struct packet));
    if (ways[i].packets == NULL) fail("memory");
  }
  /* By default the kernel wakes a sleeper up to 50 us late, to save power. */
  prctl(PR_SET_TIMERSLACK, 1, 0, 0, 0);
  /* One line at a time: poll would not see what stdio has read ahead. */
  setvbuf(stdin, NULL, _IONBF, 0);
  for (;;) {
    uint64_t there = send_due(&ways[0]), back = send_due(&ways[1]), next = there < back ? there : back;
    uint64_t now = now_ns(), wait = next > now ? next - now : 0;
    struct timespec limit = {(time_t)(wait / 1000000000u), (long)(wait % 1000000000u)};
    struct pollfd polled[3] = {{near, POLLIN, 0}, {far, POLLIN, 0}, {0, POLLIN, 0}};
    if (ppoll(polled, 3, next == UINT64_MAX ? NULL : &limit, NULL) < 0 && errno != EINTR) fail("ppoll");
    if (polled[0].revents) take_in(&ways[0]);
    if (polled[1].revents) take_in(&ways[1]);
    if (polled[2].revents && !obey()) return 0;
  }
}
