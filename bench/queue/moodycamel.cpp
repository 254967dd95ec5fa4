// moodycamel's BlockingConcurrentQueue. It has no capacity of its own to wait for: bounded here by memory that is
// allocated beforehand, with `try_enqueue` and a yield when it is full; or, with UNBOUNDED, not at all.
#include <concurrentqueue/blockingconcurrentqueue.h>

#include "tests.hpp"

template <class T>
class Queue {
 public:
  // As many producers without tokens as any test has.
  explicit Queue(long capacity) : queue(capacity, 0, 4) {}

  void push(T value) {
#ifdef UNBOUNDED
    queue.enqueue(value);
#else
    for (int looks = 0; !queue.try_enqueue(value); looks++) {
      if (looks >= 64) std::this_thread::yield();
    }
#endif
  }

  T pop() {
    T value;
    queue.wait_dequeue(value);
    return value;
  }

 private:
  moodycamel::BlockingConcurrentQueue<T> queue;
};

int main(int count, char** words) { return runTests<Queue>(count, words); }
