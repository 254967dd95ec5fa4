/*
 * S. G. Johnson's hcubature in C, as a contender; and, compiled as a library, the same integrands for SciPy.
 *
 * Usage: genz TOLERANCE MAXIMUM; then lines "family-dimensions integrals threads" in, "seconds mean evaluations" out.
 */
#define _GNU_SOURCE
#include <math.h>

static double coefficient(int oscillatory, int k, int d) {
  return oscillatory ? (k + 1) * 3.0 / d : (1 + k / 5.0) * 2.0 / d;
}

double oscillatory(int d, double *x) {
  double sum = 1;
  for (int k = 0; k < d; k++) sum += coefficient(1, k, d) * x[k];
  return cos(sum);
}

double product(int d, double *x) {
  double all = 1;
  for (int k = 0; k < d; k++) all *= 0.25 + (x[k] - 0.5) * (x[k] - 0.5);
  return 1 / all;
}

double corner(int d, double *x) {
  double sum = 1;
  for (int k = 0; k < d; k++) sum += coefficient(0, k, d) * x[k];
  double power = sum;
  for (int k = 0; k < d; k++) power *= sum;
  return 1 / power;
}

double gauss(int d, double *x) {
  double sum = 0;
  for (int k = 0; k < d; k++) sum += (x[k] - 0.5) * (x[k] - 0.5);
  return exp(-4 * sum);
}

double kinks(int d, double *x) {
  double sum = 0;
  for (int k = 0; k < d; k++) sum += fabs(x[k] - 0.5);
  return exp(-2 * sum);
}

#ifndef LIBRARY
#include <cubature.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

typedef double genz(int, double *);

static const struct {
  const char *name;
  genz *f;
} FAMILIES[] = {
  {"oscillatory", oscillatory}, {"product", product}, {"corner", corner}, {"gauss", gauss}, {"kinks", kinks},
};

struct counted {
  genz *f;
  long evaluations;
};

static int evaluate(unsigned d, const double *x, void *data, unsigned components, double *value) {
  struct counted *all = data;
  (void)components;
  all->evaluations++;
  *value = all->f((int)d, (double *)x);
  return 0;
}

static double now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (double)time.tv_sec + 1e-9 * (double)time.tv_nsec;
}

static genz *find(const char *name) {
  for (size_t k = 0; k < sizeof FAMILIES / sizeof *FAMILIES; k++) {
    if (strcmp(FAMILIES[k].name, name) == 0) return FAMILIES[k].f;
  }
  fprintf(stderr, "there is no family %s\n", name);
  exit(1);
}

int main(int arguments, char **values) {
  if (arguments != 3) {
    fprintf(stderr, "expected TOLERANCE MAXIMUM\n");
    return 1;
  }
  const double low[] = {0, 0, 0, 0, 0, 0}, high[] = {1, 1, 1, 1, 1, 1};
  printf("cubature of this system, gcc %s\n", __VERSION__);
  fflush(stdout);
  char name[32];
  int threads;
  unsigned dimensions;
  long integrals;
  while (scanf(" %31[^-]-%u %ld %d", name, &dimensions, &integrals, &threads) == 4) {
    struct counted all = {find(name), 0};
    double sum = 0;
    const double begun = now();
    for (long i = 0; i < integrals; i++) {
      double value, error;
      all.evaluations = 0;
      hcubature(1, evaluate, &all, dimensions, low, high, (size_t)atof(values[2]), 0, atof(values[1]), ERROR_INDIVIDUAL, &value, &error);
      sum += value;
    }
    printf("%.9f %.17g %ld\n", now() - begun, sum / (double)integrals, all.evaluations);
    fflush(stdout);
  }
  return 0;
}
#endif
