module ackone.sandbox/tools/kruise-rollout

go 1.25.0

require github.com/openkruise/rollouts v0.6.2
