module kubectl-trace.test/flags

go 1.26.0
