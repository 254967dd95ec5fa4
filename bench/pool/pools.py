"""Python's pools.

    pools.py threads|processes                 answers "name items workers" with "seconds answer", line by line
    pools.py threads|processes cold WORKERS    prints one such answer and ends

The tests are those of bench/pool/config.ts.
"""

import multiprocessing
import statistics
import sys
import time
from concurrent.futures import ThreadPoolExecutor

BATCH = 10_000
MAP_LENGTH = 100_000
OBJECTS = 2_000


def nothing():
    return None


def double(x):
    return 2 * x


def passed(order):
    return order


def order_of(number):
    return {
        "id": number,
        "customer": {"name": "Ada Weaver", "street": "12 Treadle Lane", "isKnown": True},
        "lines": [{"article": f"shuttle {i}", "count": i, "price": 12.5 * i} for i in range(20)],
    }


class Threads:
    def __init__(self, workers):
        self.pool = ThreadPoolExecutor(workers)

    def submit(self, function, *arguments):
        return self.pool.submit(function, *arguments).result

    def map(self, function, items):
        return self.pool.map(function, items)

    def close(self):
        self.pool.shutdown()


class Processes:
    def __init__(self, workers):
        self.pool = multiprocessing.Pool(workers)

    def submit(self, function, *arguments):
        return self.pool.apply_async(function, arguments).get

    def map(self, function, items):
        return self.pool.map(function, items)

    def close(self):
        self.pool.close()
        self.pool.join()


def empty(pool):
    ends = [pool.submit(nothing) for _ in range(BATCH)]
    return sum(end() is None for end in ends)


def mapped(pool):
    return sum(pool.map(double, range(MAP_LENGTH)))


def objects(pool):
    ends = [pool.submit(passed, order_of(number)) for number in range(OBJECTS)]
    return sum(end()["id"] for end in ends)


BATCHES = {"empty": (empty, BATCH), "map": (mapped, MAP_LENGTH), "objects": (objects, OBJECTS)}


def timed(act):
    begun = time.perf_counter()
    answer = act()
    return time.perf_counter() - begun, answer


def start(make, workers):
    begun = time.perf_counter()
    pool = make(workers)
    answer = 1 if pool.submit(nothing)() is None else 0
    seconds = time.perf_counter() - begun
    pool.close()
    return seconds, answer


def one_by_one(pool, items):
    times = []
    answer = 0
    for _ in range(items):
        begun = time.perf_counter()
        answer += pool.submit(nothing)() is None
        times.append(time.perf_counter() - begun)
    return items * statistics.median(times), answer


def in_batches(pool, name, items):
    batch, size = BATCHES[name]
    return timed(lambda: sum(batch(pool) for _ in range(items // size)))


def main():
    make = {"threads": Threads, "processes": Processes}[sys.argv[1]]
    if sys.argv[2:3] == ["cold"]:
        print(*start(make, int(sys.argv[3])))
        return
    print(f"Python {sys.version.split()[0]}", flush=True)
    pool = None
    for line in sys.stdin:
        name, items, workers = line.split()
        if name == "start":
            answer = start(make, int(workers))
        else:
            pool = pool or make(int(workers))
            answer = one_by_one(pool, int(items)) if name == "one" else in_batches(pool, name, int(items))
        print(*answer, flush=True)
    if pool:
        pool.close()


if __name__ == "__main__":
    main()
