/* HTTP over a socket of its own, by an address and without any library for names or trust: raw-http ADDRESS PORT METHOD PATH
 * prints the first line of the answer. */
#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

int main(int argc, char **argv) {
  if (argc != 5) return 2;
  struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons((unsigned short)atoi(argv[2]))};
  if (inet_pton(AF_INET, argv[1], &to.sin_addr) != 1) return 2;
  int s = socket(AF_INET, SOCK_STREAM, 0);
  if (connect(s, (struct sockaddr *)&to, sizeof to)) {
    perror("connect");
    return 1;
  }
  char text[8192];
  int length = snprintf(text, sizeof text, "%s %s HTTP/1.1\r\nHost: %s:%s\r\nContent-Length: 0\r\nConnection: close\r\n\r\n",
                        argv[3], argv[4], argv[1], argv[2]);
  if (write(s, text, (size_t)length) != length) return 1;
  size_t got = 0;
  for (ssize_t n; got < sizeof text - 1 && (n = read(s, text + got, sizeof text - 1 - got)) > 0;) got += (size_t)n;
  text[got] = 0;
  printf("%.*s\n", (int)strcspn(text, "\r\n"), text);
  return 0;
}
