/*
 * GSL's qags in C, as a contender; and, compiled as a library, the same integrands for SciPy.
 *
 * problems.h is made from config.ts: a line PROBLEM(name, expression, low, high, base) for each.
 *
 * Usage: qags TOLERANCE CYCLE; then lines "name integrals threads" in, "seconds mean evaluations" out.
 */
#define _GNU_SOURCE
#include <math.h>

#define PROBLEM(name, expression, low, high, base)          \
  double f_##name(double x, void *parameters) {             \
    const double p = *(const double *)parameters;           \
    (void)p;                                                \
    return (expression);                                    \
  }
#include "problems.h"
#undef PROBLEM

#ifndef LIBRARY
#include <gsl/gsl_errno.h>
#include <gsl/gsl_integration.h>
#include <gsl/gsl_version.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define INTERVALS 2000

typedef double integrand(double x, void *parameters);

static const struct problem {
  const char *name;
  integrand *f;
  double low, high, base;
} PROBLEMS[] = {
#define PROBLEM(name, expression, low, high, base) {#name, f_##name, low, high, base},
#include "problems.h"
};

/* For counting, outside what is timed. */
struct counted {
  integrand *f;
  double p;
  long evaluations;
};

static double count(double x, void *parameters) {
  struct counted *all = parameters;
  all->evaluations++;
  return all->f(x, &all->p);
}

static double now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (double)time.tv_sec + 1e-9 * (double)time.tv_nsec;
}

static const struct problem *find(const char *name) {
  for (size_t k = 0; k < sizeof PROBLEMS / sizeof *PROBLEMS; k++) {
    if (strcmp(PROBLEMS[k].name, name) == 0) return &PROBLEMS[k];
  }
  fprintf(stderr, "there is no problem %s\n", name);
  exit(1);
}

int main(int arguments, char **values) {
  if (arguments != 3) {
    fprintf(stderr, "expected TOLERANCE CYCLE\n");
    return 1;
  }
  const double tolerance = atof(values[1]);
  const int cycle = atoi(values[2]);
  gsl_set_error_handler_off();
  gsl_integration_workspace *workspace = gsl_integration_workspace_alloc(INTERVALS);
  printf("GSL %s, gcc %s\n", GSL_VERSION, __VERSION__);
  fflush(stdout);
  char name[32];
  long integrals;
  int threads;
  while (scanf("%31s %ld %d", name, &integrals, &threads) == 3) {
    const struct problem *problem = find(name);
    double sum = 0, value, error, p;
    gsl_function f = {problem->f, &p};
    const double begun = now();
    for (long i = 0; i < integrals; i++) {
      p = problem->base * (1 + (double)(i % cycle) / (2 * cycle));
      gsl_integration_qags(&f, problem->low, problem->high, tolerance, tolerance, INTERVALS, workspace, &value, &error);
      sum += value;
    }
    const double seconds = now() - begun;
    struct counted all = {problem->f, problem->base, 0};
    gsl_function counting = {count, &all};
    gsl_integration_qags(&counting, problem->low, problem->high, tolerance, tolerance, INTERVALS, workspace, &value, &error);
    printf("%.9f %.17g %ld\n", seconds, sum / (double)integrals, all.evaluations);
    fflush(stdout);
  }
  return 0;
}
#endif
