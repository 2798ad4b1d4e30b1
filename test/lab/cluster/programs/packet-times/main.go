// Packet-times prints when the packets of a TCP port of this machine passed its loopback, by the kernel's clock. Each
// line is one packet: nanoseconds since the epoch, port of the client, "client" or "server" for its sender, "syn" or
// "data", and bytes of its payload. It ends with its standard input. Raw sockets need CAP_NET_RAW.
package main

import (
	"bufio"
	"encoding/binary"
	"flag"
	"fmt"
	"io"
	"log"
	"os"
	"syscall"
	"unsafe"
)

var port = flag.Int("port", 6443, "port of the server")

// hostOrder is the Ethernet protocol of IPv4 in network byte order, as the system call takes it.
const hostOrder = syscall.ETH_P_IP<<8 | syscall.ETH_P_IP>>8

func main() {
	log.SetFlags(0)
	log.SetPrefix("packet-times: ")
	flag.Parse()
	socket, err := syscall.Socket(syscall.AF_PACKET, syscall.SOCK_DGRAM, hostOrder)
	if err != nil {
		log.Fatalf("no raw socket: %v", err)
	}
	if err := syscall.SetsockoptInt(socket, syscall.SOL_SOCKET, syscall.SO_TIMESTAMPNS, 1); err != nil {
		log.Fatalf("no times of packets: %v", err)
	}
	// A burst waits in the kernel while this process has no CPU.
	_ = syscall.SetsockoptInt(socket, syscall.SOL_SOCKET, syscall.SO_RCVBUFFORCE, 64<<20)
	go func() {
		_, _ = io.Copy(io.Discard, os.Stdin)
		os.Exit(0)
	}()
	out := bufio.NewWriter(os.Stdout)
	fmt.Fprintln(out, "ready")
	out.Flush()
	packet, control := make([]byte, 1<<17), make([]byte, 256)
	for {
		n, controls, _, from, err := syscall.Recvmsg(socket, packet, control, 0)
		if err != nil {
			log.Fatal(err)
		}
		// Loopback shows each packet twice: as sent and as received.
		if link, ok := from.(*syscall.SockaddrLinklayer); !ok || link.Pkttype == syscall.PACKET_OUTGOING {
			continue
		}
		if line := describe(packet[:n]); line != "" {
			fmt.Fprintf(out, "%d %s\n", timeOf(control[:controls]), line)
			out.Flush()
		}
	}
}

// describe returns the fields of a TCP packet with a SYN or a payload; "" for all others.
func describe(ip []byte) string {
	if len(ip) < 40 || ip[9] != syscall.IPPROTO_TCP {
		return ""
	}
	header := int(ip[0]&15) * 4
	length := int(binary.BigEndian.Uint16(ip[2:]))
	if length == 0 || length > len(ip) {
		length = len(ip)
	}
	tcp := ip[header:length]
	if len(tcp) < 20 {
		return ""
	}
	source, target := int(binary.BigEndian.Uint16(tcp)), int(binary.BigEndian.Uint16(tcp[2:]))
	client, sender := source, "client"
	if source == *port {
		client, sender = target, "server"
	} else if target != *port {
		return ""
	}
	payload := len(tcp) - int(tcp[12]>>4)*4
	switch {
	case tcp[13]&2 != 0:
		return fmt.Sprintf("%d %s syn 0", client, sender)
	case payload > 0:
		return fmt.Sprintf("%d %s data %d", client, sender, payload)
	}
	return ""
}

// timeOf returns the kernel's time of a packet, 0 without one.
func timeOf(control []byte) int64 {
	messages, err := syscall.ParseSocketControlMessage(control)
	if err != nil {
		return 0
	}
	for _, message := range messages {
		if message.Header.Type == syscall.SO_TIMESTAMPNS && len(message.Data) >= 16 {
			return (*syscall.Timespec)(unsafe.Pointer(&message.Data[0])).Nano()
		}
	}
	return 0
}
