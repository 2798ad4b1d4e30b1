// Takes spans in as OTLP over HTTP and sends them on to a Zipkin, translated as an OpenTelemetry Collector's Zipkin
// exporter does it: Zipkin itself takes no OTLP, and the Collector that Jaeger is made of has no such exporter.
//
//	otlp-to-zipkin 127.0.0.1:4318 http://127.0.0.1:9411
package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"log"
	"net/http"
	"os"

	"github.com/open-telemetry/opentelemetry-collector-contrib/pkg/translator/zipkin/zipkinv2"
	"go.opentelemetry.io/collector/pdata/ptrace/ptraceotlp"
)

func main() {
	if len(os.Args) != 3 {
		log.Fatal("usage: otlp-to-zipkin LISTEN_ADDRESS ZIPKIN_URL")
	}
	http.HandleFunc("POST /v1/traces", func(answer http.ResponseWriter, request *http.Request) {
		if err := pass(request.Body, os.Args[2]+"/api/v2/spans"); err != nil {
			// The exporter tries again.
			http.Error(answer, err.Error(), http.StatusServiceUnavailable)
			return
		}
		answer.Header().Set("Content-Type", "application/x-protobuf")
	})
	log.Fatal(http.ListenAndServe(os.Args[1], nil))
}

func pass(body io.Reader, target string) error {
	sent, err := io.ReadAll(body)
	if err != nil {
		return err
	}
	export := ptraceotlp.NewExportRequest()
	if err := export.UnmarshalProto(sent); err != nil {
		return err
	}
	spans, err := zipkinv2.FromTranslator{}.FromTraces(export.Traces())
	if err != nil {
		return err
	}
	translated, err := json.Marshal(spans)
	if err != nil {
		return err
	}
	answer, err := http.Post(target, "application/json", bytes.NewReader(translated))
	if err != nil {
		return err
	}
	defer answer.Body.Close()
	if answer.StatusCode != http.StatusAccepted {
		return fmt.Errorf("zipkin answered %s", answer.Status)
	}
	return nil
}
