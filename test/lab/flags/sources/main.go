// Prints the flags and the feature gates of tracing that kube-apiserver has by its sources, as lines of its help:
//
//	go run . VERSION KUBERNETES APISERVER
//
// KUBERNETES and APISERVER are the folders of the modules k8s.io/kubernetes and k8s.io/apiserver of that version. Both are
// parsed and not built, which takes seconds in place of the many minutes of a build.
package main

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

func main() {
	if len(os.Args) != 4 {
		fail("usage: go run . VERSION KUBERNETES APISERVER")
	}
	version, kubernetes, apiserver := os.Args[1], os.Args[2], os.Args[3]
	minor, err := strconv.Atoi(strings.Split(version, ".")[1])
	if err != nil {
		fail(err.Error())
	}
	printGate(apiserver, "APIServerTracing", minor)
	printGate(kubernetes, "KubeletTracing", minor)
	if !usesTracingOptions(kubernetes) {
		fail("kube-apiserver does not add the flags of its TracingOptions")
	}
	printFlags(filepath.Join(apiserver, "pkg/server/options/tracing.go"))
}

// Prints each flag that a file defines by StringVar.
func printFlags(path string) {
	ast.Inspect(parse(path), func(node ast.Node) bool {
		call, isCall := node.(*ast.CallExpr)
		if isCall && calledName(call) == "StringVar" && len(call.Args) == 4 {
			fmt.Printf("--%s string   %s\n", text(call.Args[1]), text(call.Args[3]))
		}
		return true
	})
}

// Whether the program calls AddFlags of its field Traces. The file has moved in 1.28.
func usesTracingOptions(kubernetes string) bool {
	found := false
	for _, path := range []string{"cmd/kube-apiserver/app/options/options.go", "pkg/controlplane/apiserver/options/options.go"} {
		full := filepath.Join(kubernetes, path)
		if _, err := os.Stat(full); err != nil {
			continue
		}
		ast.Inspect(parse(full), func(node ast.Node) bool {
			call, isCall := node.(*ast.CallExpr)
			if !isCall || calledName(call) != "AddFlags" {
				return true
			}
			of, isField := call.Fun.(*ast.SelectorExpr).X.(*ast.SelectorExpr)
			found = found || isField && of.Sel.Name == "Traces"
			return true
		})
	}
	return found
}

// Prints a feature gate as the help does, which has no line for a gate that is on for good.
func printGate(module string, name string, minor int) {
	files, _ := filepath.Glob(filepath.Join(module, "pkg/features/*kube_features.go"))
	if len(files) == 0 {
		fail(module + " has no feature gates")
	}
	for _, file := range files {
		printGateOf(file, name, minor)
	}
}

func printGateOf(file string, name string, minor int) {
	ast.Inspect(parse(file), func(node ast.Node) bool {
		entry, isEntry := node.(*ast.KeyValueExpr)
		if !isEntry {
			return true
		}
		key, isName := entry.Key.(*ast.Ident)
		value, isLiteral := entry.Value.(*ast.CompositeLit)
		if !isName || !isLiteral || key.Name != name || len(value.Elts) == 0 {
			return true
		}
		spec := specOf(value, minor)
		stage := map[string]string{"Alpha": "ALPHA", "Beta": "BETA"}[spec["PreRelease"]]
		if stage != "" {
			fmt.Printf("%s=true|false (%s - default=%s)\n", name, stage, spec["Default"])
		}
		return true
	})
}

// The fields of a gate. Since 1.31 it has a list of them, each for the versions from one on.
func specOf(value *ast.CompositeLit, minor int) map[string]string {
	if _, isFields := value.Elts[0].(*ast.KeyValueExpr); isFields {
		return fieldsOf(value)
	}
	var spec map[string]string
	for _, element := range value.Elts {
		fields := fieldsOf(element.(*ast.CompositeLit))
		since, err := strconv.Atoi(strings.TrimPrefix(fields["Version"], "1."))
		if err != nil {
			fail("unexpected version " + fields["Version"])
		}
		if since <= minor {
			spec = fields
		}
	}
	return spec
}

func fieldsOf(value *ast.CompositeLit) map[string]string {
	fields := map[string]string{}
	for _, element := range value.Elts {
		entry := element.(*ast.KeyValueExpr)
		fields[entry.Key.(*ast.Ident).Name] = word(entry.Value)
	}
	return fields
}

// `true`, the Beta of `featuregate.Beta`, the 1.27 of `version.MustParse("1.27")`.
func word(value ast.Expr) string {
	switch value := value.(type) {
	case *ast.Ident:
		return value.Name
	case *ast.SelectorExpr:
		return value.Sel.Name
	case *ast.CallExpr:
		return text(value.Args[0])
	}
	return ""
}

func calledName(call *ast.CallExpr) string {
	if selector, isSelector := call.Fun.(*ast.SelectorExpr); isSelector {
		return selector.Sel.Name
	}
	return ""
}

func text(value ast.Expr) string {
	literal, isLiteral := value.(*ast.BasicLit)
	if !isLiteral {
		fail("a text is expected")
	}
	unquoted, err := strconv.Unquote(literal.Value)
	if err != nil {
		fail(err.Error())
	}
	return unquoted
}

func parse(path string) *ast.File {
	file, err := parser.ParseFile(token.NewFileSet(), path, nil, 0)
	if err != nil {
		fail(err.Error())
	}
	return file
}

func fail(message string) {
	fmt.Fprintln(os.Stderr, message)
	os.Exit(1)
}
