package main

import (
	"fmt"
	"os"
	"strings"
	"syscall"
	"time"
)

// The first process of the node's own PID and mount namespaces: makes the mounts that keep the node's changes away
// from the machine, and collects orphans. When it ends, the kernel ends every process of the node, and with them go the
// mounts. A MOUNT is tmpfs=PATH, or SOURCE=PATH to lay one file or folder over another; what is missing at PATH is made
// below /run, which is the node's own by then, and passed over elsewhere.
func room(mounts []string) {
	for _, mount := range mounts {
		source, target, found := strings.Cut(mount, "=")
		if !found {
			refuse("not a mount: " + mount)
		}
		if _, err := os.Stat(target); os.IsNotExist(err) {
			if !strings.HasPrefix(target, "/run/") {
				continue
			}
			os.MkdirAll(target, 0o755)
		}
		var err error
		if source == "tmpfs" {
			err = syscall.Mount("tmpfs", target, "tmpfs", 0, "")
		} else {
			err = syscall.Mount(source, target, "", syscall.MS_BIND, "")
		}
		if err != nil {
			fmt.Fprintf(os.Stderr, "error: mounting %s: %v\n", mount, err)
			os.Exit(1)
		}
	}
	fmt.Println("ready")
	reapUntil(termination())
}

// Collects what has ended among the children, those that lost their own parent above all.
func reapUntil(done <-chan os.Signal) {
	for {
		var status syscall.WaitStatus
		if pid, _ := syscall.Wait4(-1, &status, syscall.WNOHANG, nil); pid > 0 {
			continue
		}
		select {
		case <-done:
			return
		case <-time.After(200 * time.Millisecond):
		}
	}
}
