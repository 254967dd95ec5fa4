// Go's channels.
//
//	PROGRAM KIND PRODUCERS CONSUMERS ITEMS WARM CAPACITY      prints {"seconds": …, "sum": …} (bench/queue/config.ts)
package main

import (
	"fmt"
	"os"
	"runtime"
	"sort"
	"strconv"
	"sync"
	"time"
)

type plan struct {
	kind                 string
	producers, consumers int
	items, warm          int
	capacity             int
}

// A hundred bytes, sent by value.
type object struct {
	id   uint32
	rest [96]byte
}

const arrayLength = 8192

func makeNumber(number int) float64   { return float64(number) }
func readNumber(item float64) float64 { return item }

func makeObject(number int) object {
	item := object{id: uint32(number)}
	item.rest[95] = byte(number & 127)
	return item
}

func readObject(item object) float64 {
	if item.rest[95] != byte(item.id&127) {
		return -1
	}
	return float64(item.id)
}

func makeArray(number int) []float64 {
	item := make([]float64, arrayLength)
	item[0], item[arrayLength-1] = float64(number), float64(number)
	return item
}

func readArray(item []float64) float64 {
	if item[0] != item[arrayLength-1] {
		return -1
	}
	return item[0]
}

// Runs each pass over warm items, then all together over the measured ones. Returns the seconds of the second.
func run(passes []func(items int, isMeasured bool), warm, items []int) float64 {
	var ready, done sync.WaitGroup
	ready.Add(len(passes))
	done.Add(len(passes))
	open := make(chan struct{})
	ends := make([]time.Time, len(passes))
	for index := range passes {
		go func(index int) {
			passes[index](warm[index], false)
			ready.Done()
			<-open
			passes[index](items[index], true)
			ends[index] = time.Now()
			done.Done()
		}(index)
	}
	ready.Wait()
	begun := time.Now()
	close(open)
	done.Wait()
	last := begun
	for _, end := range ends {
		if end.After(last) {
			last = end
		}
	}
	return last.Sub(begun).Seconds()
}

func flow[T any](p plan, produce func(int) T, read func(T) float64) {
	queue := make(chan T, p.capacity)
	sums := make([]float64, p.consumers)
	var passes []func(int, bool)
	var warm, items []int
	for i := 0; i < p.producers; i++ {
		passes = append(passes, func(count int, _ bool) {
			for i := 1; i <= count; i++ {
				queue <- produce(i)
			}
		})
		warm, items = append(warm, p.warm/p.producers), append(items, p.items/p.producers)
	}
	for i := 0; i < p.consumers; i++ {
		consumer := i
		passes = append(passes, func(count int, _ bool) {
			sum := 0.0
			for i := 0; i < count; i++ {
				number := read(<-queue)
				if number < 0 || sum < 0 {
					sum = -1
				} else {
					sum += number
				}
			}
			sums[consumer] = sum
		})
		warm, items = append(warm, p.warm/p.consumers), append(items, p.items/p.consumers)
	}
	seconds := run(passes, warm, items)
	sum := 0.0
	for _, each := range sums {
		if each < 0 || sum < 0 {
			sum = -1
		} else {
			sum += each
		}
	}
	fmt.Printf("{\"seconds\": %.9f, \"sum\": %.0f}\n", seconds, sum)
}

func pingPong(p plan) {
	out, back := make(chan float64, p.capacity), make(chan float64, p.capacity)
	times := make([]float64, p.items)
	sum := 0.0
	call := func(count int, isMeasured bool) {
		sum = 0
		for i := 1; i <= count; i++ {
			begun := time.Now()
			out <- float64(i)
			sum += <-back
			if isMeasured {
				times[i-1] = float64(time.Since(begun).Nanoseconds()) / 1000
			}
		}
	}
	echo := func(count int, _ bool) {
		for i := 0; i < count; i++ {
			back <- <-out
		}
	}
	seconds := run([]func(int, bool){call, echo}, []int{p.warm, p.warm}, []int{p.items, p.items})
	sort.Float64s(times)
	fmt.Printf("{\"seconds\": %.9f, \"sum\": %.0f, \"p50\": %.4f, \"p99\": %.4f}\n",
		seconds, sum, times[p.items/2], times[p.items*99/100])
}

func main() {
	if len(os.Args) == 2 && os.Args[1] == "version" {
		fmt.Println(runtime.Version())
		return
	}
	if len(os.Args) != 7 {
		fmt.Fprintln(os.Stderr, "expected KIND PRODUCERS CONSUMERS ITEMS WARM CAPACITY")
		os.Exit(2)
	}
	var numbers [5]int
	for i := range numbers {
		numbers[i], _ = strconv.Atoi(os.Args[i+2])
	}
	p := plan{os.Args[1], numbers[0], numbers[1], numbers[2], numbers[3], numbers[4]}
	switch p.kind {
	case "numbers":
		flow(p, makeNumber, readNumber)
	case "objects":
		flow(p, makeObject, readObject)
	case "arrays":
		flow(p, makeArray, readArray)
	case "ping-pong":
		pingPong(p)
	default:
		os.Exit(2)
	}
}
