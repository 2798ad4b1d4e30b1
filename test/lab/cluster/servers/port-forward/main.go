// Answers port-forwards as a kubelet does, with the library that kubelets and container runtimes answer them with, for
// pods that are really servers on this machine:
//
//	port-forward 127.0.0.1:10250 tracing-0=16686
package main

import (
	"context"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"time"

	"k8s.io/cri-streaming/pkg/streaming/portforward"
)

// Where the server is that stands for a pod, by the pod's name.
type pods map[string]string

func (targets pods) PortForward(_ context.Context, name, _ string, _ int32, stream io.ReadWriteCloser) error {
	target, known := targets[name]
	if !known {
		return fmt.Errorf("no pod %s", name)
	}
	connection, err := net.Dial("tcp", "127.0.0.1:"+target)
	if err != nil {
		return err
	}
	defer connection.Close()
	go func() {
		_, _ = io.Copy(connection, stream)
		_ = connection.(*net.TCPConn).CloseWrite()
	}()
	_, err = io.Copy(stream, connection)
	return err
}

func main() {
	if len(os.Args) < 3 {
		log.Fatal("usage: port-forward LISTEN_ADDRESS POD=PORT...")
	}
	targets := pods{}
	for _, argument := range os.Args[2:] {
		name, port, _ := strings.Cut(argument, "=")
		targets[name] = port
	}
	http.HandleFunc("/portForward/{namespace}/{pod}", func(answer http.ResponseWriter, request *http.Request) {
		options, err := portforward.NewV4Options(request)
		if err != nil {
			http.Error(answer, err.Error(), http.StatusBadRequest)
			return
		}
		name := request.PathValue("pod")
		portforward.ServePortForward(answer, request, targets, name, "", options, time.Minute, time.Minute, portforward.SupportedProtocols)
	})
	listener, err := net.Listen("tcp", os.Args[1])
	if err != nil {
		log.Fatal(err)
	}
	// kube-apiserver speaks TLS to kubelets; whose certificate it is, it asks only when it is told to.
	server := httptest.NewUnstartedServer(http.DefaultServeMux)
	server.Listener.Close()
	server.Listener = listener
	server.StartTLS()
	select {}
}
