module kubectl-trace.test/packet-times

go 1.26.0
