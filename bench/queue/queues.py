"""Python's queues.

    queues.py queue|simple|priority|multiprocessing KIND PRODUCERS CONSUMERS ITEMS WARM CAPACITY

prints {"seconds": ..., "sum": ...} (bench/queue/config.ts). A thread, or a process for multiprocessing, per producer
and consumer.
"""

import array
import json
import multiprocessing
import queue
import sys
import threading
import time

ARRAY_LENGTH = 8192
STORED = 1000


def make_number(number):
    return number


def read_number(item):
    return item


def make_object(number):
    return {
        "id": number,
        "name": "shuttle",
        "price": 12.5,
        "count": 3,
        "owner": "weaver",
        "paid": True,
        "tags": ["ox", "s"],
    }


def read_object(item):
    return item["id"]


BLANK = array.array("d", bytes(8 * ARRAY_LENGTH))


def make_array(number):
    item = BLANK[:]
    item[0] = item[-1] = number
    return item


def read_array(item):
    return item[0] if item[0] == item[-1] else -1


KINDS = {
    "numbers": (make_number, read_number),
    "objects": (make_object, read_object),
    "arrays": (make_array, read_array),
}


def put(q, kind, items):
    make = KINDS[kind][0]
    for i in range(1, items + 1):
        q.put(make(i))
    return 0


def get(q, kind, items):
    read = KINDS[kind][1]
    total = 0
    for _ in range(items):
        number = read(q.get())
        total = -1 if number < 0 or total < 0 else total + number
    return total


def call(out, back, items):
    times = []
    total = 0
    for i in range(1, items + 1):
        begun = time.perf_counter()
        out.put(i)
        total += back.get()
        times.append(time.perf_counter() - begun)
    times.sort()
    return total, 1e6 * times[items // 2], 1e6 * times[items * 99 // 100]


def echo(out, back, items):
    for _ in range(items):
        back.put(out.get())
    return 0


def pair(q, priorities, items):
    total = 0
    for _ in range(items):
        q.put(next(priorities))
        total += q.get()
    return total


def priorities_of(stream, count):
    """The priorities of config.ts, made beforehand: here they would take longer than the queue."""
    state = (stream + 1) * 0x9E3779B9 & 0xFFFFFFFF
    numbers = []
    for _ in range(count):
        state ^= state << 13 & 0xFFFFFFFF
        state ^= state >> 17
        state ^= state << 5 & 0xFFFFFFFF
        numbers.append(state >> 8)
    return iter(numbers)


def member(gate, results, act, arguments, warm, items):
    """A thread's life: a pass over a few items, the gate, the pass that is measured."""
    before = act(*arguments, warm)
    results.put("ready")
    gate.wait()
    answer = act(*arguments, items)
    results.put((time.perf_counter(), before, answer))


def run(crew, is_processes):
    """Runs (act, arguments, warm, items) side by side. Returns seconds and what each answered.

    The clock is read before the gate opens: after it this thread stands in line for the interpreter's lock with the members,
    and they may have ended by the time that it comes to read a clock.
    """
    kind = multiprocessing if is_processes else threading
    gate = kind.Event()
    results = multiprocessing.SimpleQueue() if is_processes else queue.SimpleQueue()
    make = multiprocessing.Process if is_processes else threading.Thread
    members = [make(target=member, args=(gate, results, *one)) for one in crew]
    for one in members:
        one.start()
    for _ in members:
        results.get()
    begun = time.perf_counter()
    gate.set()
    answers = [results.get() for _ in members]
    for one in members:
        one.join()
    return max(end for end, _, _ in answers) - begun, [answer[1:] for answer in answers]


def main():
    name, kind = sys.argv[1:3]
    producers, consumers, items, warm, capacity = map(int, sys.argv[3:8])
    is_processes = name == "multiprocessing"

    def new():
        if is_processes:
            return multiprocessing.Queue(capacity)
        return {"queue": queue.Queue, "priority": queue.PriorityQueue}[name](capacity)

    if name == "simple":
        new = queue.SimpleQueue

    figures = {}
    if kind == "ping-pong":
        out, back = new(), new()
        crew = [(call, (out, back), warm, items), (echo, (out, back), warm, items)]
        seconds, answers = run(crew, is_processes)
        figures["sum"], figures["p50"], figures["p99"] = next(a for _, a in answers if a != 0)
    elif kind == "priority":
        q = new()
        for priority in priorities_of(0, STORED):
            q.put(priority)
        share = (warm // producers, items // producers)
        crew = [(pair, (q, priorities_of(k + 1, sum(share))), *share) for k in range(producers)]
        seconds, answers = run(crew, is_processes)
        rest = [q.get() for _ in range(STORED)]
        figures["sum"] = sum(map(sum, answers)) + sum(rest) if rest == sorted(rest) else -1
    else:
        q = new()
        crew = [(put, (q, kind), warm // producers, items // producers)] * producers
        crew += [(get, (q, kind), warm // consumers, items // consumers)] * consumers
        seconds, answers = run(crew, is_processes)
        sums = [answer for _, answer in answers]
        figures["sum"] = -1 if min(sums) < 0 else sum(sums)
    print(json.dumps({"seconds": seconds, **figures}))


if __name__ == "__main__":
    main()
