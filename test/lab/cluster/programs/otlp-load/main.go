// Otlp-load reports spans as a Kubernetes component does, by OpenTelemetry's SDK and its exporter for gRPC, at a given
// rate. It prints the IDs of the traces whose spans were acknowledged, each with how many, and at the end on standard
// error what became of all of them.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"log"
	"os"
	"sync"
	"time"

	"go.opentelemetry.io/otel"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/exporters/otlp/otlptrace/otlptracegrpc"
	"go.opentelemetry.io/otel/sdk/resource"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/trace"
)

var (
	endpoint = flag.String("endpoint", "127.0.0.1:4317", "HOST:PORT of the receiver")
	rate     = flag.Int("rate", 10000, "spans each second")
	seconds  = flag.Float64("seconds", 5, "how long")
	perTrace = flag.Int("per-trace", 10, "spans of each trace")
	compress = flag.Bool("gzip", false, "compress what is sent")
)

// tally passes spans on and notes which of them the receiver has acknowledged.
type tally struct {
	sdktrace.SpanExporter
	mutex        sync.Mutex
	acknowledged map[trace.TraceID]int
	spans        int
	failed       int
	slowest      time.Duration
	problem      error
}

func (t *tally) ExportSpans(ctx context.Context, spans []sdktrace.ReadOnlySpan) error {
	start := time.Now()
	err := t.SpanExporter.ExportSpans(ctx, spans)
	t.mutex.Lock()
	defer t.mutex.Unlock()
	t.slowest = max(t.slowest, time.Since(start))
	if err != nil {
		t.failed += len(spans)
		t.problem = err
		return err
	}
	t.spans += len(spans)
	for _, span := range spans {
		t.acknowledged[span.SpanContext().TraceID()]++
	}
	return nil
}

func main() {
	flag.Parse()
	ctx := context.Background()
	options := []otlptracegrpc.Option{otlptracegrpc.WithEndpoint(*endpoint), otlptracegrpc.WithInsecure()}
	if *compress {
		options = append(options, otlptracegrpc.WithCompressor("gzip"))
	}
	exporter, err := otlptracegrpc.New(ctx, options...)
	if err != nil {
		log.Fatal(err)
	}
	otel.SetErrorHandler(otel.ErrorHandlerFunc(func(error) {}))
	counted := &tally{SpanExporter: exporter, acknowledged: map[trace.TraceID]int{}}
	provider := sdktrace.NewTracerProvider(
		// Blocking: a span that the SDK drops by itself would say nothing about the receiver.
		sdktrace.WithBatcher(counted, sdktrace.WithBlocking()),
		sdktrace.WithResource(resource.NewSchemaless(
			attribute.String("service.name", "otlp-load"),
			attribute.String("service.instance.id", fmt.Sprint(os.Getpid())),
		)),
	)
	made := report(ctx, provider.Tracer("kubectl-trace.test/otlp-load"))
	closing, cancel := context.WithTimeout(ctx, 30*time.Second)
	defer cancel()
	if err := provider.Shutdown(closing); err != nil && !errors.Is(err, context.DeadlineExceeded) {
		counted.problem = err
	}
	for id, count := range counted.acknowledged {
		fmt.Println(id, count)
	}
	fmt.Fprintf(os.Stderr, "made %d acknowledged %d failed %d slowest %dms problem %v\n",
		made, counted.spans, counted.failed, counted.slowest.Milliseconds(), counted.problem)
}

// report makes whole traces, a hundredth of a second's worth at a time, and tells how many spans that were.
func report(ctx context.Context, tracer trace.Tracer) int {
	const step = 10 * time.Millisecond
	start := time.Now()
	end := start.Add(time.Duration(*seconds * float64(time.Second)))
	made := 0
	for now := start; now.Before(end); now = time.Now() {
		due := int(now.Sub(start).Seconds() * float64(*rate))
		for made < due {
			request(ctx, tracer)
			made += *perTrace
		}
		time.Sleep(step)
	}
	return made
}

// request makes one trace with about what the API server puts on its spans.
func request(ctx context.Context, tracer trace.Tracer) {
	ctx, root := tracer.Start(ctx, "GET /api/v1/namespaces/{namespace}/pods", trace.WithSpanKind(trace.SpanKindServer),
		trace.WithAttributes(
			attribute.String("http.request.method", "GET"),
			attribute.String("url.path", "/api/v1/namespaces/default/pods"),
			attribute.String("user_agent.original", "kubectl/v1.37.2 (linux/amd64) kubernetes/5ab3b9f"),
			attribute.String("audit-id", "0af76519-16cd-43dd-8448-eb211c80319c"),
			attribute.Int("http.response.status_code", 200),
		))
	for child := 1; child < *perTrace; child++ {
		_, span := tracer.Start(ctx, "etcdserverpb.KV/Range", trace.WithSpanKind(trace.SpanKindClient),
			trace.WithAttributes(
				attribute.String("rpc.system", "grpc"),
				attribute.String("rpc.method", "Range"),
				attribute.Int("rpc.grpc.status_code", 0),
			))
		span.AddEvent("About to convert to expected version")
		span.End()
	}
	root.End()
}
