#!/usr/bin/env bash
# Runs one test function of Kubernetes' test/cmd: run-function.sh FUNCTION. The working folder is a copy of the suite.

set -o errexit -o nounset -o pipefail

function=$1
KUBE_ROOT=$PWD
source hack/lib/init.sh
source hack/lib/test.sh
source test/cmd/legacy-script.sh
kube::util::ensure-temp-dir
kube::util::ensure-gnu-sed

CONTEXT=test
SUPPORTED_RESOURCES=('*')
# The list of what is to be run is not empty and names nothing: this sets the suite's variables.
WHAT=' '
runTests >/dev/null
stop_proxies() { stop-proxy; rm -rf "${KUBE_TEMP}"; }
trap stop_proxies EXIT

export TRACE_CLIENT=$TRACE_CLIENT_OF_FUNCTION
juLog -output="${KUBE_TEMP}/junit" -class=test-cmd -name="${function}" "${function}"
