module kubectl-trace.test/lab

go 1.26.0
