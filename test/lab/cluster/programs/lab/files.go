package main

import (
	"errors"
	"fmt"
	"os"
	"slices"
)

// Runs the first command as long as the file MARK does not exist, which it creates, and the second from then on. What
// survives decides how long that is: an emptyDir belongs to one pod, a folder of the node to all of them.
func once(args []string) {
	end := slices.Index(args, "--")
	if end < 2 || end == len(args)-1 {
		refuse("once needs a file and two commands")
	}
	mark, first, later := args[0], args[1:end], args[end+1:]
	file, err := os.OpenFile(mark, os.O_CREATE|os.O_EXCL, 0o600)
	if errors.Is(err, os.ErrExist) {
		run(later[0], later[1:])
		return
	}
	if err != nil {
		refuse(err.Error())
	}
	file.Close()
	run(first[0], first[1:])
}

// Writes a file of this size and keeps it, until it is terminated like a program that does not expect that.
func fill(args []string) {
	if len(args) != 2 {
		refuse("fill needs a file and a size")
	}
	size := number(args[1])
	file, err := os.Create(args[0])
	if err != nil {
		refuse(err.Error())
	}
	block := make([]byte, 1<<20)
	for range size {
		if _, err := file.Write(block); err != nil {
			refuse(err.Error())
		}
	}
	fmt.Printf("wrote %d MiB\n", size)
	<-termination()
	os.Exit(143)
}
