// The tests, for queues in C++. A contender is a program that names a queue and calls `runTests` or `runPriorityTest`.
//
//   PROGRAM KIND PRODUCERS CONSUMERS ITEMS WARM CAPACITY      prints {"seconds": …, "sum": …} (bench/queue/config.ts)
//
// A queue is a template over what it holds, made with a capacity, with `push(T)` and `T pop()`, both of which wait.
#pragma once
#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

using Clock = std::chrono::steady_clock;

struct Plan {
  std::string kind;
  int producers, consumers;
  long items, warm, capacity;
};

inline Plan readPlan(int count, char** words) {
  if (count < 7) {
    std::fprintf(stderr, "expected KIND PRODUCERS CONSUMERS ITEMS WARM CAPACITY\n");
    std::exit(2);
  }
  return {words[1], std::atoi(words[2]), std::atoi(words[3]), std::atol(words[4]), std::atol(words[5]), std::atol(words[6])};
}

// Threads come to the gate after a pass over a few items; it opens for all at once.
class Gate {
 public:
  void come() {
    std::unique_lock<std::mutex> lock(mutex);
    ready++;
    arrived.notify_one();
    opened.wait(lock, [this] { return isOpen; });
  }

  Clock::time_point openFor(int threads) {
    std::unique_lock<std::mutex> lock(mutex);
    arrived.wait(lock, [&] { return ready == threads; });
    isOpen = true;
    const auto now = Clock::now();
    opened.notify_all();
    return now;
  }

 private:
  std::mutex mutex;
  std::condition_variable arrived, opened;
  int ready = 0;
  bool isOpen = false;
};

// Runs `pass(index, items)` in so many threads, first over warm and then over measured items; adds up what they answer.
// Returns the seconds from the opening of the gate to the last end.
template <class Pass>
double runThreads(const std::vector<std::pair<long, long>>& shares, std::vector<double>& sums, Pass pass) {
  Gate gate;
  const int count = shares.size();
  std::vector<Clock::time_point> ends(count);
  std::vector<std::thread> threads;
  sums.assign(count, 0);
  for (int index = 0; index < count; index++) {
    threads.emplace_back([&, index] {
      pass(index, shares[index].first, false);
      gate.come();
      sums[index] = pass(index, shares[index].second, true);
      ends[index] = Clock::now();
    });
  }
  const auto begun = gate.openFor(count);
  for (auto& thread : threads) thread.join();
  return std::chrono::duration<double>(*std::max_element(ends.begin(), ends.end()) - begun).count();
}

// What each kind of item is: made from a number, and back. -1 for an item that was never made.
struct Number {
  using Item = double;
  static Item make(long number) { return number; }
  static double read(const Item& item) { return item; }
};

struct Object {
  struct Item {
    uint32_t id;
    char rest[96];
  };
  static Item make(long number) {
    Item item{};
    item.id = number;
    item.rest[95] = number & 127;
    return item;
  }
  static double read(const Item& item) { return item.rest[95] == char(item.id & 127) ? item.id : -1; }
};

struct Array {
  static constexpr int LENGTH = 8192;
  using Item = std::vector<double>*;
  static Item make(long number) {
    auto item = new std::vector<double>(LENGTH);
    item->front() = item->back() = number;
    return item;
  }
  static double read(const Item& item) {
    const double number = item->front() == item->back() ? item->front() : -1;
    delete item;
    return number;
  }
};

template <class Kind, class Queue>
void runFlow(const Plan& plan) {
  Queue queue(plan.capacity);
  std::vector<std::pair<long, long>> shares(plan.producers, {plan.warm / plan.producers, plan.items / plan.producers});
  shares.insert(shares.end(), plan.consumers, {plan.warm / plan.consumers, plan.items / plan.consumers});
  std::vector<double> sums;
  const double seconds = runThreads(shares, sums, [&](int index, long items, bool) {
    double sum = 0;
    if (index < plan.producers) {
      for (long i = 1; i <= items; i++) queue.push(Kind::make(i));
      return sum;
    }
    bool isRight = true;
    for (long i = 0; i < items; i++) {
      const double number = Kind::read(queue.pop());
      isRight &= number >= 0;
      sum += number;
    }
    return isRight ? sum : -1.0;
  });
  double sum = 0;
  for (double each : sums) sum = each < 0 || sum < 0 ? -1 : sum + each;
  std::printf("{\"seconds\": %.9f, \"sum\": %.0f}\n", seconds, sum);
}

template <class Queue>
void runPingPong(const Plan& plan) {
  Queue out(plan.capacity), back(plan.capacity);
  std::vector<double> times(plan.items), sums;
  const double seconds = runThreads({{plan.warm, plan.items}, {plan.warm, plan.items}}, sums, [&](int index, long items, bool isMeasured) {
    double sum = 0;
    if (index == 1) {
      for (long i = 0; i < items; i++) back.push(out.pop());
      return sum;
    }
    for (long i = 1; i <= items; i++) {
      const auto begun = Clock::now();
      out.push(i);
      sum += back.pop();
      if (isMeasured) times[i - 1] = std::chrono::duration<double, std::micro>(Clock::now() - begun).count();
    }
    return sum;
  });
  std::sort(times.begin(), times.end());
  std::printf("{\"seconds\": %.9f, \"sum\": %.0f, \"p50\": %.4f, \"p99\": %.4f}\n", seconds, sums[0],
              times[plan.items / 2], times[plan.items * 99 / 100]);
}

template <template <class> class Queue>
int runTests(int count, char** words) {
  const Plan plan = readPlan(count, words);
  if (plan.kind == "numbers") runFlow<Number, Queue<Number::Item>>(plan);
  else if (plan.kind == "objects") runFlow<Object, Queue<Object::Item>>(plan);
  else if (plan.kind == "arrays") runFlow<Array, Queue<Array::Item>>(plan);
  else if (plan.kind == "ping-pong") runPingPong<Queue<double>>(plan);
  else return 2;
  return 0;
}

// The priorities of config.ts.
class Priorities {
 public:
  explicit Priorities(uint32_t stream) : state((stream + 1) * 0x9e3779b9u) {}
  double next() {
    state ^= state << 13;
    state ^= state >> 17;
    state ^= state << 5;
    return state >> 8;
  }

 private:
  uint32_t state;
};

// A priority queue has `push(double)` and `double pop()`, smallest first; it is never empty when `pop` is called.
template <class Queue>
int runPriorityTest(int count, char** words) {
  const Plan plan = readPlan(count, words);
  constexpr int STORED = 1000;
  Queue queue;
  Priorities first(0);
  for (int i = 0; i < STORED; i++) queue.push(first.next());
  std::vector<Priorities> streams;
  for (int thread = 0; thread < plan.producers; thread++) streams.emplace_back(thread + 1);
  std::vector<double> sums, before(plan.producers);
  const std::vector<std::pair<long, long>> shares(plan.producers, {plan.warm / plan.producers, plan.items / plan.producers});
  const double seconds = runThreads(shares, sums, [&](int index, long items, bool isMeasured) {
    Priorities stream = streams[index];
    double sum = 0;
    for (long i = 0; i < items; i++) {
      queue.push(stream.next());
      sum += queue.pop();
    }
    streams[index] = stream;
    if (!isMeasured) before[index] = sum;
    return sum;
  });
  double sum = 0, last = -1;
  for (int thread = 0; thread < plan.producers; thread++) sum += before[thread] + sums[thread];
  bool isSorted = true;
  for (int i = 0; i < STORED; i++) {
    const double next = queue.pop();
    isSorted &= next >= last;
    last = next;
    sum += next;
  }
  std::printf("{\"seconds\": %.9f, \"sum\": %.0f}\n", seconds, isSorted ? sum : -1);
  return 0;
}
