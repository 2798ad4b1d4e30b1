module kubectl-trace.test/programs/lab

go 1.26.0
