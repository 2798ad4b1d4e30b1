// Lists the messages with which the scheduler of a Kubernetes source tree refuses a pod, one JSON object a line.
//
//	go run main.go DIR...
//
// It reads syntax alone, so that nothing has to be compiled: the reasons of framework statuses, the constants that hold
// reasons, and the errors of those packages that turn an error into a reason (`NewStatus(code, err.Error())`).
package main

import (
	"encoding/json"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
)

type message struct {
	Package string `json:"package"`
	Text    string `json:"text"`
}

// Files of other packages whose errors are the message of a pod.
var errorFiles = regexp.MustCompile(`/scheduler/(schedule_one\w*|extender)\.go$`)

// Functions whose texts do not reach a pod: set-up, queueing hints, and signatures of pods.
var apart = regexp.MustCompile(`^(New|init|Clone|Sign|isSchedulableAfter|getArgs|EventsToRegister|fake|Fake)`)
var reasonName = regexp.MustCompile(`^[eE]rr[A-Z]|^[rR]eason[A-Z]`)
var reasonVariable = regexp.MustCompile(`([mM]sg|[rR]eason)$`)

// A message has at least two words beside its verbs: `%w: %w` joins messages.
var literalWord = regexp.MustCompile(`[A-Za-z()]{2,}`)
var verb = regexp.MustCompile(`%[+#]?[a-z]`)

// Packages whose errors the plugins pass on as reasons.
var passedOn = regexp.MustCompile(`(^|/)(resourceclaim|ephemeral|structured)(/|$)`)
var leftOut = regexp.MustCompile(`(^|/)(testing|test|fake|metrics|examples|apis|testdata|profile|backend|util|cache|queue|heap|resourceslice|kubeletplugin|client|cel|api)(/|$)`)

func main() {
	encoder := json.NewEncoder(os.Stdout)
	encoder.SetEscapeHTML(false)
	for _, root := range os.Args[1:] {
		_ = filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
			if err != nil {
				panic(err)
			}
			if !entry.IsDir() {
				return nil
			}
			within, _ := filepath.Rel(root, path)
			if leftOut.MatchString(filepath.ToSlash(within)) {
				return filepath.SkipDir
			}
			for _, text := range messagesOf(path) {
				_ = encoder.Encode(message{Package: filepath.ToSlash(filepath.Join(filepath.Base(root), within)), Text: text})
			}
			return nil
		})
	}
}

func messagesOf(directory string) []string {
	packages, err := parser.ParseDir(token.NewFileSet(), directory, func(info fs.FileInfo) bool {
		return !strings.HasSuffix(info.Name(), "_test.go") && !strings.HasPrefix(info.Name(), "fake") &&
			info.Name() != "test_utils.go"
	}, 0)
	if err != nil {
		panic(err)
	}
	reader := &reader{constants: map[string]ast.Expr{}, errorsAreReasons: passedOn.MatchString(filepath.ToSlash(directory))}
	for _, each := range packages {
		for _, file := range each.Files {
			reader.declare(file)
		}
	}
	for _, each := range packages {
		for _, file := range each.Files {
			ast.Inspect(file, func(node ast.Node) bool {
				call, isCall := node.(*ast.CallExpr)
				if isCall && isStatus(call) && passesError(call) {
					reader.errorsAreReasons = true
				}
				return true
			})
		}
	}
	for _, each := range packages {
		for name, file := range each.Files {
			for _, declaration := range file.Decls {
				reader.read(declaration, reader.errorsAreReasons || errorFiles.MatchString(name))
			}
		}
	}
	return reader.found
}

type reader struct {
	constants        map[string]ast.Expr
	errorsAreReasons bool
	found            []string
}

func (r *reader) declare(file *ast.File) {
	for _, declaration := range file.Decls {
		general, ok := declaration.(*ast.GenDecl)
		if !ok {
			continue
		}
		for _, spec := range general.Specs {
			value, ok := spec.(*ast.ValueSpec)
			if !ok {
				continue
			}
			for index, name := range value.Names {
				if index < len(value.Values) {
					r.constants[name.Name] = value.Values[index]
				}
			}
		}
	}
}

func (r *reader) read(declaration ast.Decl, errorsAreReasons bool) {
	if function, ok := declaration.(*ast.FuncDecl); ok && apart.MatchString(function.Name.Name) {
		return
	}
	ast.Inspect(declaration, func(node ast.Node) bool {
		switch typed := node.(type) {
		case *ast.ValueSpec:
			for index, name := range typed.Names {
				if index < len(typed.Values) && reasonName.MatchString(name.Name) {
					r.add(typed.Values[index])
				}
			}
		case *ast.KeyValueExpr:
			if key, ok := typed.Key.(*ast.Ident); ok && strings.EqualFold(key.Name, "reason") {
				r.add(typed.Value)
			}
		case *ast.CallExpr:
			name := calledName(typed)
			switch {
			case isStatus(typed):
				for _, argument := range typed.Args {
					r.add(argument)
				}
			case name == "AsStatus" || (errorsAreReasons && (name == "Errorf" || strings.HasSuffix(name, "errors.New"))):
				for _, argument := range typed.Args[:1] {
					r.add(argument)
				}
			}
		case *ast.AssignStmt:
			for index, left := range typed.Lhs {
				name, ok := left.(*ast.Ident)
				if ok && index < len(typed.Rhs) && reasonVariable.MatchString(name.Name) {
					r.add(typed.Rhs[index])
				}
			}
		case *ast.ReturnStmt:
			// `return false, "not eligible due to …"`: what PodEligibleToPreemptOthers says.
			for _, result := range typed.Results {
				if literal, ok := result.(*ast.BasicLit); ok && strings.Contains(literal.Value, " ") {
					r.add(literal)
				}
			}
		}
		return true
	})
}

func (r *reader) add(expression ast.Expr) {
	text, ok := r.textOf(expression)
	if ok && len(literalWord.FindAllString(verb.ReplaceAllString(text, ""), -1)) > 1 {
		r.found = append(r.found, text)
	}
}

// textOf gives a message with its verbs: `Insufficient %v`.
func (r *reader) textOf(expression ast.Expr) (string, bool) {
	switch typed := expression.(type) {
	case *ast.BasicLit:
		text, err := strconv.Unquote(typed.Value)
		return text, typed.Kind == token.STRING && err == nil
	case *ast.ParenExpr:
		return r.textOf(typed.X)
	case *ast.Ident:
		value, known := r.constants[typed.Name]
		if !known {
			return "", false
		}
		return r.textOf(value)
	case *ast.BinaryExpr:
		left, known := r.textOf(typed.X)
		right, alsoKnown := r.textOf(typed.Y)
		if !known {
			left = "%v"
		}
		if !alsoKnown {
			right = "%v"
		}
		return left + right, typed.Op == token.ADD && (known || alsoKnown)
	case *ast.CallExpr:
		switch name := calledName(typed); {
		case name == "Sprintf" || name == "Errorf" || strings.HasSuffix(name, "errors.New") || name == "string":
			return r.textOf(typed.Args[0])
		}
	}
	return "", false
}

func isStatus(call *ast.CallExpr) bool {
	switch calledName(call) {
	case "NewStatus":
		code := ""
		if selector, ok := call.Args[0].(*ast.SelectorExpr); ok {
			code = selector.Sel.Name
		} else if name, ok := call.Args[0].(*ast.Ident); ok {
			code = name.Name
		}
		return code != "Success" && code != "Skip"
	case "statusUnschedulable", "statusPending", "statusError", "AppendReason", "Reject":
		return true
	}
	return false
}

func passesError(call *ast.CallExpr) bool {
	for _, argument := range call.Args {
		if inner, ok := argument.(*ast.CallExpr); ok && calledName(inner) == "Error" {
			return true
		}
	}
	return false
}

// calledName is the function's name; of errors.New with its package.
func calledName(call *ast.CallExpr) string {
	switch typed := call.Fun.(type) {
	case *ast.Ident:
		return typed.Name
	case *ast.SelectorExpr:
		if owner, ok := typed.X.(*ast.Ident); ok && owner.Name == "errors" {
			return "errors." + typed.Sel.Name
		}
		return typed.Sel.Name
	}
	return ""
}
