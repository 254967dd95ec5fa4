// oneTBB's concurrent_bounded_queue, and its concurrent_priority_queue (which cannot wait: here it never has to).
#include <tbb/concurrent_priority_queue.h>
#include <tbb/concurrent_queue.h>

#include <functional>

#include "tests.hpp"

template <class T>
class Queue {
 public:
  explicit Queue(long capacity) { queue.set_capacity(capacity); }
  void push(T value) { queue.push(value); }
  T pop() {
    T value;
    queue.pop(value);
    return value;
  }

 private:
  tbb::concurrent_bounded_queue<T> queue;
};

class PriorityQueue {
 public:
  void push(double value) { queue.push(value); }
  double pop() {
    double value = 0;
    while (!queue.try_pop(value)) {
    }
    return value;
  }

 private:
  tbb::concurrent_priority_queue<double, std::greater<double>> queue;
};

int main(int count, char** words) {
  if (count > 1 && std::string(words[1]) == "priority") return runPriorityTest<PriorityQueue>(count, words);
  return runTests<Queue>(count, words);
}
