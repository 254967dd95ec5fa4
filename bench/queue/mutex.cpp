// A bounded queue as one writes it in C++: a ring, a mutex, two condition variables. And a heap under a mutex.
#include <functional>
#include <queue>

#include "tests.hpp"

template <class T>
class Queue {
 public:
  explicit Queue(long capacity) : cells(capacity) {}

  void push(T value) {
    std::unique_lock<std::mutex> lock(mutex);
    notFull.wait(lock, [this] { return count < cells.size(); });
    cells[(head + count) % cells.size()] = value;
    count++;
    lock.unlock();
    notEmpty.notify_one();
  }

  T pop() {
    std::unique_lock<std::mutex> lock(mutex);
    notEmpty.wait(lock, [this] { return count > 0; });
    T value = cells[head];
    head = (head + 1) % cells.size();
    count--;
    lock.unlock();
    notFull.notify_one();
    return value;
  }

 private:
  std::mutex mutex;
  std::condition_variable notEmpty, notFull;
  std::vector<T> cells;
  size_t head = 0, count = 0;
};

class PriorityQueue {
 public:
  void push(double value) {
    std::lock_guard<std::mutex> lock(mutex);
    heap.push(value);
  }

  double pop() {
    std::lock_guard<std::mutex> lock(mutex);
    const double value = heap.top();
    heap.pop();
    return value;
  }

 private:
  std::mutex mutex;
  std::priority_queue<double, std::vector<double>, std::greater<double>> heap;
};

int main(int count, char** words) {
  if (count > 1 && std::string(words[1]) == "priority") return runPriorityTest<PriorityQueue>(count, words);
  return runTests<Queue>(count, words);
}
