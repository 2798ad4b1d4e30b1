// The one program of the test node: every container runs it, each with the behaviour that its test needs. It is linked
// statically, so that an image is this file alone.
package main

import (
	"bufio"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"
)

const usage = `usage: lab pause
       lab sleep [DURATION]
       lab serve PORT [ready-after=DURATION] [healthy-for=DURATION] [never-ready]
       lab exit CODE [after=DURATION] [say=LINE] [prompt=TEXT]...
       lab eat MEBIBYTES
       lab fill FILE MEBIBYTES
       lab once MARK COMMAND [ARG]... -- COMMAND [ARG]...
       lab room MOUNT...`

func main() {
	switch filepath.Base(os.Args[0]) {
	case "tar":
		archive(os.Args[1:])
		return
	case "test":
		testFolder(os.Args[1:])
		return
	}
	if len(os.Args) < 2 {
		refuse("no command")
	}
	run(os.Args[1], os.Args[2:])
}

func run(command string, args []string) {
	switch command {
	case "pause":
		reapUntil(termination())
	case "sleep":
		sleep(args)
	case "serve":
		serve(args)
	case "exit":
		exit(args)
	case "eat":
		eat(args)
	case "fill":
		fill(args)
	case "once":
		once(args)
	case "room":
		room(args)
	default:
		refuse("unknown command " + command)
	}
}

func refuse(why string) {
	fmt.Fprintf(os.Stderr, "error: %s\n%s\n", why, usage)
	os.Exit(2)
}

// The first process of a PID namespace gets no signal that it does not ask for.
func termination() <-chan os.Signal {
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, syscall.SIGTERM, syscall.SIGINT)
	return signals
}

func sleep(args []string) {
	var over <-chan time.Time
	if len(args) > 0 {
		over = time.After(duration(args[0]))
	}
	select {
	case <-termination():
	case <-over:
	}
}

// Says its lines, waits, repeats a line of its input, and ends with the status that it is given.
func exit(args []string) {
	if len(args) == 0 {
		refuse("exit needs a code")
	}
	code := number(args[0])
	for _, arg := range args[1:] {
		name, value, _ := strings.Cut(arg, "=")
		switch name {
		case "say":
			fmt.Println(value)
		case "prompt":
			fmt.Print(value)
			line, _ := bufio.NewReader(os.Stdin).ReadString('\n')
			fmt.Print(line)
		case "after":
			time.Sleep(duration(value))
		default:
			refuse("exit does not know " + arg)
		}
	}
	os.Exit(code)
}

// Takes memory until it has what it was asked for, or is killed, and keeps it.
func eat(args []string) {
	if len(args) != 1 {
		refuse("eat needs a size")
	}
	const mebibyte = 1 << 20
	size := number(args[0])
	eaten := make([][]byte, 0, size)
	for range size {
		page := make([]byte, mebibyte)
		for at := range page {
			page[at] = 1
		}
		eaten = append(eaten, page)
	}
	fmt.Printf("ate %d MiB\n", len(eaten))
	<-termination()
}

func duration(text string) time.Duration {
	value, err := time.ParseDuration(text)
	if err != nil {
		refuse(err.Error())
	}
	return value
}

func number(text string) int {
	value, err := strconv.Atoi(text)
	if err != nil {
		refuse(err.Error())
	}
	return value
}
