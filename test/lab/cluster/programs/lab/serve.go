package main

import (
	"fmt"
	"net/http"
	"os"
	"strings"
	"time"
)

// Answers /ready and /healthy, each with 200 or 503.
func serve(args []string) {
	if len(args) == 0 {
		refuse("serve needs a port")
	}
	started := time.Now()
	ready := func() bool { return true }
	healthy := ready
	for _, arg := range args[1:] {
		name, value, _ := strings.Cut(arg, "=")
		switch name {
		case "ready-after":
			wait := duration(value)
			ready = func() bool { return time.Since(started) >= wait }
		case "never-ready":
			ready = func() bool { return false }
		case "healthy-for":
			limit := duration(value)
			healthy = func() bool { return time.Since(started) < limit }
		default:
			refuse("serve does not know " + arg)
		}
	}
	http.HandleFunc("/ready", answer("ready", ready))
	http.HandleFunc("/healthy", answer("healthy", healthy))
	go func() {
		<-termination()
		os.Exit(0)
	}()
	fmt.Println("listening on " + args[0])
	fmt.Fprintln(os.Stderr, http.ListenAndServe(":"+args[0], nil))
	os.Exit(1)
}

func answer(word string, holds func() bool) http.HandlerFunc {
	return func(response http.ResponseWriter, _ *http.Request) {
		if !holds() {
			http.Error(response, "not "+word, http.StatusServiceUnavailable)
			return
		}
		fmt.Fprintln(response, word)
	}
}
