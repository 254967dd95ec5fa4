/*
 * The midpoint rule in plain C, as a contender: one loop per problem, compiled with the flags to be compared.
 *
 * problems.h is made from config.ts: a line PROBLEM(name, expression) for each. It is read twice, once for the loops
 * and once for the table that finds them.
 *
 * Usage: midpoint LOW HIGH; then lines "name points threads" in, "seconds value" out.
 */
#define _GNU_SOURCE
#include <math.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* The inner loop counts in int and adds to a sum of its own: with -ffast-math, gcc turns just that into vectors.
   4096 panels: the outer loop is lost in it, and x = base + j * step is as exact as from the index alone. */
#define BLOCK 4096

/* Most threads: their records lie on the stack. */
#define THREADS_MAXIMUM 256

typedef double sum_function(int64_t from, int64_t to, double low, double step);

#define PROBLEM(name, expression)                                                     \
  static double sum_##name(int64_t from, int64_t to, double low, double step) {       \
    double total = 0.0;                                                               \
    for (int64_t i = from; i < to; i += BLOCK) {                                      \
      const int panels = to - i < BLOCK ? (int)(to - i) : BLOCK;                      \
      const double base = low + ((double)i + 0.5) * step;                             \
      double sum = 0.0;                                                               \
      for (int j = 0; j < panels; j++) {                                              \
        const double x = base + j * step;                                             \
        sum += (expression);                                                          \
      }                                                                               \
      total += sum;                                                                   \
    }                                                                                 \
    return total;                                                                     \
  }
#include "problems.h"
#undef PROBLEM

static const struct {
  const char *name;
  sum_function *sum;
} PROBLEMS[] = {
#define PROBLEM(name, expression) {#name, sum_##name},
#include "problems.h"
};

typedef struct {
  pthread_t thread;
  sum_function *sum;
  int64_t from, to;
  double low, step, result;
} share;

static void *compute(void *argument) {
  share *mine = argument;
  mine->result = mine->sum(mine->from, mine->to, mine->low, mine->step);
  return NULL;
}

/* Each thread takes one run of neighbouring panels. Starting it costs some 20 microseconds of a sample's 100,000. */
static double integrate(sum_function *sum, int64_t points, int threads, double low, double high) {
  const double step = (high - low) / (double)points;
  share shares[THREADS_MAXIMUM];
  for (int k = 0; k < threads; k++) {
    shares[k] = (share){.sum = sum, .from = points / threads * k, .to = points / threads * (k + 1), .low = low, .step = step};
  }
  shares[threads - 1].to = points;
  for (int k = 1; k < threads; k++) {
    if (pthread_create(&shares[k].thread, NULL, compute, &shares[k]) != 0) exit(1);
  }
  compute(&shares[0]);
  double total = shares[0].result;
  for (int k = 1; k < threads; k++) {
    pthread_join(shares[k].thread, NULL);
    total += shares[k].result;
  }
  return total * step;
}

static double now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (double)time.tv_sec + 1e-9 * (double)time.tv_nsec;
}

static sum_function *find(const char *name) {
  for (size_t k = 0; k < sizeof PROBLEMS / sizeof *PROBLEMS; k++) {
    if (strcmp(PROBLEMS[k].name, name) == 0) return PROBLEMS[k].sum;
  }
  fprintf(stderr, "there is no problem %s\n", name);
  exit(1);
}

int main(int count, char **arguments) {
  if (count != 3) {
    fprintf(stderr, "expected LOW HIGH\n");
    return 1;
  }
  const double low = atof(arguments[1]), high = atof(arguments[2]);
  printf("gcc %s\n", __VERSION__);
  fflush(stdout);
  char name[32];
  long long points;
  int threads;
  while (scanf("%31s %lld %d", name, &points, &threads) == 3) {
    if (points < 1 || threads < 1 || threads > THREADS_MAXIMUM) {
      fprintf(stderr, "cannot use %lld points on %d threads\n", points, threads);
      return 1;
    }
    sum_function *sum = find(name);
    const double start = now();
    const double value = integrate(sum, points, threads, low, high);
    /* The value is printed, so no compiler can leave the work out. */
    printf("%.9f %.17g\n", now() - start, value);
    fflush(stdout);
  }
  return 0;
}
